// Protobuf's wire format, read field by field without building messages: what is large stays in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "keraft/error.hpp"
#include "keraft/tensor.hpp"

namespace keraft::formats::wire {

/// The bytes of a file, or of a message in memory, behind one buffer. Not thread-safe.
class Source {
 public:
  Source(std::shared_ptr<const Storage> bytes, std::string path) : bytes_(std::move(bytes)), path_(std::move(path)) {}

  uint64_t size() const noexcept { return bytes_->size(); }
  const std::string& path() const noexcept { return path_; }
  uint8_t byte(uint64_t offset) {
    if (offset - begin_ >= buffer_.size()) refill(offset);
    return static_cast<uint8_t>(buffer_[static_cast<size_t>(offset - begin_)]);
  }
  std::string text(uint64_t offset, uint64_t size);
  /// A part as storage of its own.
  std::shared_ptr<const Storage> range(uint64_t offset, uint64_t size) const;
  [[noreturn]] void fail(uint64_t offset, const std::string& what) const;

 private:
  void refill(uint64_t offset);

  std::shared_ptr<const Storage> bytes_;
  std::string path_;
  std::vector<std::byte> buffer_;
  uint64_t begin_ = 0;
};

enum class Wire : uint8_t { varint = 0, fixed64 = 1, bytes = 2, group = 3, group_end = 4, fixed32 = 5 };

/// Goes over the fields of one message.
class Scan {
 public:
  Scan(Source& source, uint64_t begin, uint64_t end) : source_(&source), at_(begin), end_(end) {}
  explicit Scan(Source& source) : Scan(source, 0, source.size()) {}

  /// The next field; false at the end. Groups are skipped. Throws Status::format with the offset.
  bool next();
  uint32_t field() const noexcept { return field_; }
  Wire wire() const noexcept { return wire_; }
  /// Of varint and fixed fields.
  uint64_t value() const noexcept { return value_; }
  /// Of bytes fields: where the contents lie.
  uint64_t begin() const noexcept { return begin_; }
  uint64_t size() const noexcept { return size_; }
  /// Where the field's tag lies.
  uint64_t offset() const noexcept { return tag_at_; }

  /// Throw Status::format when the field has another wire type.
  void want(Wire wire) const;
  uint64_t varint() const;
  std::string text() const;
  Scan message() const;
  std::shared_ptr<const Storage> range() const { return source_->range(begin_, size_); }
  Source& source() const noexcept { return *source_; }
  [[noreturn]] void fail(const std::string& what) const { source_->fail(tag_at_, what); }

  /// The varints of a repeated field, packed or not: appends to `out`.
  template <class T>
  void repeated_varints(std::vector<T>& out) const {
    if (wire_ == Wire::varint) {
      out.push_back(static_cast<T>(value_));
      return;
    }
    want(Wire::bytes);
    Scan inner = message();
    while (inner.at_ < inner.end_) out.push_back(static_cast<T>(inner.read_varint()));
  }

 private:
  uint64_t read_varint();
  uint64_t read_fixed(int bytes);
  void skip_group();
  bool tag();

  Source* source_;
  uint64_t at_, end_;
  uint64_t tag_at_ = 0, value_ = 0, begin_ = 0, size_ = 0;
  uint32_t field_ = 0;
  Wire wire_ = Wire::varint;
};

}  // namespace keraft::formats::wire
