// Tensors are lazy: a type, sizes and a place where the bytes lie. Nothing is read before somebody asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "keraft/dtype.hpp"
#include "keraft/shape.hpp"

namespace keraft {

/// Bytes that can be read from any thread at any time; immutable.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual uint64_t size() const noexcept = 0;
  /// Fills `out` from `offset`; throws Status::io or ::format when the bytes are not there.
  virtual void read(uint64_t offset, std::span<std::byte> out) const = 0;
  /// The bytes when they already lie in memory, else empty.
  virtual std::span<const std::byte> in_memory() const noexcept { return {}; }
  /// The same view with `other`, of the same size, in place of `base`; null when this is no view of `base` alone.
  virtual std::shared_ptr<const Storage> over(const Storage& base, const std::shared_ptr<const Storage>& other) const {
    return this == &base ? other : nullptr;
  }
};

/// Row-major, little-endian. String tensors hold their elements in `strings` and have no storage.
struct Tensor {
  DType dtype = DType::invalid;
  std::vector<int64_t> dims;
  std::shared_ptr<const Storage> storage;
  std::shared_ptr<const std::vector<std::string>> strings;

  int64_t elements() const { return element_count(dims); }
  uint64_t bytes() const { return static_cast<uint64_t>(elements()) * size_of(dtype); }
  /// All bytes in a fresh buffer.
  std::vector<std::byte> load() const;
  /// The elements as T, which must have the size of dtype; throws Status::internal otherwise.
  template <class T>
  std::vector<T> as() const;
};

template <class T>
std::vector<T> Tensor::as() const {
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<T> out(static_cast<size_t>(elements()));
  if (bytes() == out.size() * sizeof(T) && storage) storage->read(0, std::as_writable_bytes(std::span(out)));
  return out;
}

/// Numbers of any numeric or bool type as double; throws Status::unsupported for other types.
std::vector<double> to_doubles(const Tensor& tensor);
/// Integers of any integer or bool type; throws Status::unsupported for other types.
std::vector<int64_t> to_ints(const Tensor& tensor);

/// A tensor that owns a copy of `bytes`; throws Status::internal when the sizes disagree.
Tensor make_tensor(DType dtype, std::vector<int64_t> dims, std::vector<std::byte> bytes);
template <class T>
Tensor make_tensor(DType dtype, std::vector<int64_t> dims, std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  return make_tensor(dtype, std::move(dims), std::vector<std::byte>(bytes.begin(), bytes.end()));
}
Tensor make_strings(std::vector<int64_t> dims, std::vector<std::string> values);
/// One element (its bytes) repeated; takes no memory for the repetition.
Tensor make_splat(DType dtype, std::vector<int64_t> dims, std::vector<std::byte> element);
/// The same bytes under other sizes of equal count.
Tensor reshaped(const Tensor& tensor, std::vector<int64_t> dims);
/// Axes permuted, still lazy: blocks are gathered while reading.
Tensor transposed(const Tensor& tensor, const std::vector<size_t>& perm);
/// Half or bfloat16 numbers as float32, still lazy; throws Status::unsupported for other types.
Tensor widened(const Tensor& tensor);
/// A float32 tensor times a number, computed while reading.
Tensor scaled(const Tensor& tensor, float factor);
/// `view` was made of `base` by reshapes and transposes: the same of `other`, which has the type and sizes of `base`. Nothing
/// when `view` was made otherwise.
std::optional<Tensor> same_view(const Tensor& view, const Tensor& base, const Tensor& other);
/// Bitwise equality of dtype, sizes and contents.
bool same_contents(const Tensor& a, const Tensor& b);

}  // namespace keraft
