// Rectangles inside row-major tensors, and reading them with few system calls.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "keraft/tensor.hpp"

namespace keraft::base {

/// The rows of a rectangle: stretches that are contiguous in the tensor around it, in rising order of address.
class Rows {
 public:
  Rows(const std::vector<int64_t>& dims, const std::vector<int64_t>& start, const std::vector<int64_t>& extent);
  uint64_t count() const noexcept { return count_; }
  /// Elements in each row.
  uint64_t length() const noexcept { return length_; }
  /// First element of row `i` in the tensor around; the rows lie one after another in the rectangle itself.
  uint64_t offset(uint64_t i) const noexcept;
  /// Elements from the start of a row to the start of the next, in the innermost axis that is stepped through.
  uint64_t stride() const noexcept { return strides_.empty() ? length_ : strides_.back(); }

 private:
  std::vector<uint64_t> extents_, strides_;
  uint64_t base_ = 0, length_ = 1, count_ = 1;
};

/// Reads small neighbouring pieces through one buffer.
class Window {
 public:
  /// `stride`: bytes between the starts of pieces.
  Window(const Storage& from, uint64_t stride) : from_(from), stride_(stride) {}
  void read(uint64_t offset, std::span<std::byte> out);

 private:
  const Storage& from_;
  uint64_t stride_;
  std::vector<std::byte> buffer_;
  uint64_t begin_ = 0;
};

}  // namespace keraft::base
