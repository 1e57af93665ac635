#include "formats/wire/hdf5_context.h"

#include <bit>

#include "base/checked.h"

namespace keraft::formats::wire {

std::string Hdf5Context::path() const {
  std::vector<const std::string*> names;
  for (size_t at = current; at != 0; at = objects[at].parent) names.push_back(&objects[at].name);
  std::string out;
  for (; !names.empty(); names.pop_back()) out += "/" + *names.back();
  return out.empty() ? "/" : out;
}

void Hdf5Context::damaged(uint64_t at, const std::string& what) const {
  throw Error(Status::format, "a damaged HDF5 file: " + what + "; fetch or save it again", {place, at, path()});
}

void Hdf5Context::unsupported(uint64_t at, const std::string& what) const {
  throw Error(Status::unsupported,
              "an HDF5 file with " + what + ", which Keras does not write; save the model again with Keras",
              {place, at, path()});
}

void Hdf5Context::unsafe(uint64_t at, const std::string& what) const {
  throw Error(Status::format, what + ": Keras writes none, and none is followed", {place, at, path()});
}

void Hdf5Context::same_order(bool big, uint64_t at) {
  if (big_endian.value_or(big) != big) damaged(at, "numbers are in another byte order than the others of the file");
  big_endian = big;
}

uint64_t Hdf5Context::raw(uint64_t address, uint64_t size, const char* what) {
  const auto last = base::add(address, size);
  if (!last || *last > end) damaged(snapshot.size(), std::string(what) + " ends past the end of the file");
  const uint64_t at = base + address;
  if (!snapshot.claim(at, size)) damaged(at, std::string(what) + " overlaps something else");
  return at;
}

Hdf5Cursor Hdf5Context::block(uint64_t address, uint64_t size, const char* what) {
  const uint64_t at = raw(address, size, what);
  return {*this, snapshot.keep(at, size), at};
}

Hdf5Cursor Hdf5Context::peek(uint64_t address, size_t size, const char* what) {
  const auto last = base::add<uint64_t>(address, size);
  if (!last || *last > end) damaged(snapshot.size(), std::string(what) + " ends past the end of the file");
  return {*this, snapshot.peek(base + address, size), base + address};
}

std::span<const std::byte> Hdf5Cursor::take(uint64_t count) {
  if (count > bytes_.size()) damaged("a size leads past the end of the structure that holds it");
  const auto out = bytes_.first(static_cast<size_t>(count));
  bytes_ = bytes_.subspan(static_cast<size_t>(count));
  at_ += count;
  return out;
}

uint64_t Hdf5Cursor::number(size_t width) {
  uint64_t out = 0;
  const auto bytes = take(width);
  for (size_t i = 0; i < width && i < 8; ++i) out |= static_cast<uint64_t>(bytes[i]) << (8 * i);
  return out;
}

std::string_view Hdf5Cursor::text(uint64_t count) {
  const auto bytes = take(count);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view Hdf5Cursor::terminated() {
  const std::string_view all(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  const size_t end = all.find('\0');
  if (end == std::string_view::npos) damaged("a text has no end");
  take(end + 1);
  return all.substr(0, end);
}

Hdf5Cursor Hdf5Cursor::part(uint64_t count) {
  const uint64_t at = at_;
  return {*context_, take(count), at};
}

void Hdf5Cursor::signature(const char* four) {
  const uint64_t at = at_;
  if (text(4) != std::string_view(four, 4)) context_->damaged(at, std::string("the signature ") + four + " is missing");
}

void Hdf5Cursor::version(uint8_t only) {
  const uint64_t at = at_;
  if (const uint8_t found = u8(); found != only) {
    context_->unsupported(at, "a structure of version " + std::to_string(found));
  }
}

void Hdf5Cursor::checksum() {
  if (bytes_.size() < 4) damaged("there is no room for a checksum");
  const auto summed = bytes_.first(bytes_.size() - 4);
  Hdf5Cursor stored(*context_, bytes_.last(4), at_ + summed.size());
  if (stored.u32() != hdf5_hash(summed)) damaged("a checksum is wrong");
  bytes_ = summed;
}

void Hdf5Cursor::ends(bool padded) {
  if (bytes_.size() >= (padded ? 8 : 1)) damaged("a message is longer than what it holds");
}

uint32_t hdf5_hash(std::span<const std::byte> bytes) noexcept {
  const auto word = [&](size_t at) {  // of the next twelve bytes; zero past the end
    uint32_t out = 0;
    for (size_t i = 0; i < 4 && at + i < bytes.size(); ++i) out |= static_cast<uint32_t>(bytes[at + i]) << (8 * i);
    return out;
  };
  uint32_t a = 0xdeadbeef + static_cast<uint32_t>(bytes.size()), b = a, c = a;
  for (; bytes.size() > 12; bytes = bytes.subspan(12)) {
    a += word(0), b += word(4), c += word(8);
    a -= c, a ^= std::rotl(c, 4), c += b;
    b -= a, b ^= std::rotl(a, 6), a += c;
    c -= b, c ^= std::rotl(b, 8), b += a;
    a -= c, a ^= std::rotl(c, 16), c += b;
    b -= a, b ^= std::rotl(a, 19), a += c;
    c -= b, c ^= std::rotl(b, 4), b += a;
  }
  if (bytes.empty()) return c;
  a += word(0), b += word(4), c += word(8);
  c ^= b, c -= std::rotl(b, 14);
  a ^= c, a -= std::rotl(c, 11);
  b ^= a, b -= std::rotl(a, 25);
  c ^= b, c -= std::rotl(b, 16);
  a ^= c, a -= std::rotl(c, 4);
  b ^= a, b -= std::rotl(a, 14);
  c ^= b, c -= std::rotl(b, 24);
  return c;
}

}  // namespace keraft::formats::wire
