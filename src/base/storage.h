// Kinds of storage that views and readers are made of. File ranges: base/file.h.
#pragma once

#include <memory>
#include <vector>

#include "keraft/tensor.hpp"

namespace keraft::base {

std::shared_ptr<const Storage> memory(std::vector<std::byte> bytes);
/// `element` over and over, `size` bytes in all.
std::shared_ptr<const Storage> repeated(std::vector<std::byte> element, uint64_t size);
/// The bytes of `head`, then `element` over and over up to `size` bytes.
std::shared_ptr<const Storage> padded(std::vector<std::byte> head, std::vector<std::byte> element, uint64_t size);
/// `from` with the axes permuted; `dims` are the sizes before, elements have `element` bytes.
std::shared_ptr<const Storage> permuted(std::shared_ptr<const Storage> from, std::vector<int64_t> dims,
                                        std::vector<size_t> perm, size_t element);
/// Part of `from`; throws Status::format when it does not lie inside.
std::shared_ptr<const Storage> range(std::shared_ptr<const Storage> from, uint64_t offset, uint64_t size);
/// A rectangle of a tensor with sizes `dims`, as a tensor of its own; throws Status::mismatch when it does not lie inside.
std::shared_ptr<const Storage> rectangle(std::shared_ptr<const Storage> from, const std::vector<int64_t>& dims,
                                         const std::vector<int64_t>& start, const std::vector<int64_t>& extent, size_t element);
/// Every group of `width` bytes reversed: big-endian files.
std::shared_ptr<const Storage> swapped(std::shared_ptr<const Storage> from, size_t width);
/// Every float32 times `factor`.
std::shared_ptr<const Storage> scaled(std::shared_ptr<const Storage> from, float factor);

/// A rectangle of a larger tensor.
struct Part {
  std::vector<int64_t> start, dims;
  std::shared_ptr<const Storage> storage;
};
/// A tensor put together from parts that cover it without overlapping; throws Status::mismatch when they do not.
std::shared_ptr<const Storage> assembled(std::vector<int64_t> dims, std::vector<Part> parts, size_t element);

}  // namespace keraft::base
