#include "formats/wire/scan.h"

#include <algorithm>

#include "base/storage.h"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t window = 64 * 1024;

}  // namespace

void Source::refill(uint64_t offset) {
  if (offset >= size()) fail(offset, "the file is cut short");
  buffer_.resize(static_cast<size_t>(std::min(window, size() - offset)));
  begin_ = offset;
  bytes_->read(offset, buffer_);
}

std::string Source::text(uint64_t offset, uint64_t size) {
  std::string out(static_cast<size_t>(size), '\0');
  if (size < window / 2) {
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(byte(offset + i));
  } else {
    bytes_->read(offset, std::as_writable_bytes(std::span(out)));
  }
  return out;
}

std::shared_ptr<const Storage> Source::range(uint64_t offset, uint64_t size) const { return base::range(bytes_, offset, size); }

void Source::fail(uint64_t offset, const std::string& what) const { throw Error(Status::format, what, {path_, offset, {}}); }

uint64_t Scan::read_varint() {
  uint64_t out = 0;
  const uint64_t start = at_;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ >= end_) source_->fail(start, "the message is cut short inside a number");
    const uint8_t byte = source_->byte(at_++);
    if (shift == 63 && byte > 1) break;
    out |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return out;
  }
  source_->fail(start, "a number is longer than 64 bits: not a protobuf message, or a damaged one");
}

uint64_t Scan::read_fixed(int bytes) {
  uint64_t out = 0;
  if (end_ - at_ < static_cast<uint64_t>(bytes)) source_->fail(at_, "the message is cut short inside a number");
  for (int i = 0; i < bytes; ++i) out |= static_cast<uint64_t>(source_->byte(at_++)) << (8 * i);
  return out;
}

bool Scan::tag() {
  if (at_ >= end_) return false;
  tag_at_ = at_;
  const uint64_t key = read_varint();
  if (key >> 3 == 0 || key >> 3 > 0x1FFFFFFF || (key & 7) > 5) {
    source_->fail(tag_at_, "not a protobuf message, or a damaged one");
  }
  field_ = static_cast<uint32_t>(key >> 3);
  wire_ = static_cast<Wire>(key & 7);
  switch (wire_) {
    case Wire::varint:
      value_ = read_varint();
      break;
    case Wire::fixed64:
      value_ = read_fixed(8);
      break;
    case Wire::fixed32:
      value_ = read_fixed(4);
      break;
    case Wire::bytes:
      size_ = read_varint();
      if (size_ > end_ - at_) {
        source_->fail(tag_at_, "the file is cut short or damaged: a field of " + std::to_string(size_) + " bytes, " +
                                   std::to_string(end_ - at_) + " are left");
      }
      begin_ = at_;
      at_ += size_;
      break;
    default:
      break;
  }
  return true;
}

void Scan::skip_group() {
  const uint64_t start = tag_at_;
  for (uint64_t depth = 1; depth > 0;) {
    if (!tag()) source_->fail(start, "a group without an end");
    if (wire_ == Wire::group && ++depth > 64)
      throw Error(Status::memory, "groups nested too deep", {source_->path(), tag_at_, {}});
    if (wire_ == Wire::group_end) --depth;
  }
}

bool Scan::next() {
  while (tag()) {
    if (wire_ == Wire::group_end) source_->fail(tag_at_, "the end of a group that never began");
    if (wire_ != Wire::group) return true;
    skip_group();
  }
  return false;
}

void Scan::want(Wire wire) const {
  if (wire_ != wire) fail("field " + std::to_string(field_) + " has another wire type than it must have");
}

uint64_t Scan::varint() const {
  want(Wire::varint);
  return value_;
}

std::string Scan::text() const {
  want(Wire::bytes);
  return source_->text(begin_, size_);
}

Scan Scan::message() const {
  want(Wire::bytes);
  return Scan(*source_, begin_, begin_ + size_);
}

}  // namespace keraft::formats::wire
