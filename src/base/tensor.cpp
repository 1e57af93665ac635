#include "keraft/tensor.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/checked.h"
#include "base/storage.h"
#include "keraft/error.hpp"

namespace keraft {
namespace {

uint64_t byte_count(DType dtype, const std::vector<int64_t>& dims) {
  const auto bytes = base::mul(static_cast<uint64_t>(element_count(dims)), static_cast<uint64_t>(size_of(dtype)));
  if (!bytes) throw Error(Status::format, "the sizes of a tensor overflow");
  return *bytes;
}

/// Any IEEE-like binary format of at most 16 bits. `ieee`: the largest exponent means infinity and NaN; otherwise only all ones
/// is NaN.
double small_float(uint32_t bits, int exponent_bits, int mantissa_bits, bool ieee) {
  const uint32_t mantissa = bits & ((1u << mantissa_bits) - 1);
  const uint32_t top = (1u << exponent_bits) - 1;
  const uint32_t exponent = (bits >> mantissa_bits) & top;
  const double sign = (bits >> (exponent_bits + mantissa_bits)) & 1u ? -1.0 : 1.0;
  const int bias = static_cast<int>(top >> 1);
  if (exponent == top) {
    if (ieee) return mantissa ? std::nan("") : sign * HUGE_VAL;
    if (mantissa == (1u << mantissa_bits) - 1) return std::nan("");
  }
  if (exponent == 0) return sign * std::ldexp(static_cast<double>(mantissa), 1 - bias - mantissa_bits);
  return sign *
         std::ldexp(static_cast<double>(mantissa + (1u << mantissa_bits)), static_cast<int>(exponent) - bias - mantissa_bits);
}

double bfloat(uint16_t bits) { return static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits) << 16)); }

/// float32 numbers of 16-bit ones.
class Widened : public Storage {
 public:
  Widened(std::shared_ptr<const Storage> from, bool brain) : from_(std::move(from)), brain_(brain) {}

  uint64_t size() const noexcept override { return from_->size() * 2; }

  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) throw Error(Status::internal, "read past the end of a tensor");
    if (out.empty()) return;
    const uint64_t first = offset / 4, last = (offset + out.size() + 3) / 4;
    std::vector<uint16_t> halves(static_cast<size_t>(last - first));
    from_->read(first * 2, std::as_writable_bytes(std::span(halves)));
    std::vector<float> wide(halves.size());
    std::transform(halves.begin(), halves.end(), wide.begin(),
                   [&](uint16_t bits) { return static_cast<float>(brain_ ? bfloat(bits) : small_float(bits, 5, 10, true)); });
    std::memcpy(out.data(), reinterpret_cast<const std::byte*>(wide.data()) + (offset - first * 4), out.size());
  }

 private:
  std::shared_ptr<const Storage> from_;
  bool brain_;
};

template <class From, class To, class Convert>
std::vector<To> converted(const Tensor& tensor, Convert convert) {
  const std::vector<From> values = tensor.as<From>();
  std::vector<To> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(), convert);
  return out;
}

template <class From, class To>
std::vector<To> cast(const Tensor& tensor) {
  return converted<From, To>(tensor, [](From v) { return static_cast<To>(v); });
}

[[noreturn]] void no_numbers(DType dtype) {
  throw Error(Status::unsupported, "numbers are wanted from a tensor of type " + std::string(name_of(dtype)));
}

/// Integer and bool types only; null storage counts as empty.
template <class To>
bool integers(const Tensor& tensor, std::vector<To>& out) {
  switch (tensor.dtype) {
    case DType::boolean:
      out = converted<uint8_t, To>(tensor, [](uint8_t v) { return static_cast<To>(v != 0); });
      return true;
    case DType::i4:
    case DType::i8:
    case DType::qi8:
      out = cast<int8_t, To>(tensor);
      return true;
    case DType::u4:
    case DType::u8:
    case DType::qu8:
      out = cast<uint8_t, To>(tensor);
      return true;
    case DType::i16:
    case DType::qi16:
      out = cast<int16_t, To>(tensor);
      return true;
    case DType::u16:
    case DType::qu16:
      out = cast<uint16_t, To>(tensor);
      return true;
    case DType::i32:
    case DType::qi32:
      out = cast<int32_t, To>(tensor);
      return true;
    case DType::u32:
      out = cast<uint32_t, To>(tensor);
      return true;
    case DType::i64:
      out = cast<int64_t, To>(tensor);
      return true;
    case DType::u64:
      out = cast<uint64_t, To>(tensor);
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<std::byte> Tensor::load() const {
  std::vector<std::byte> out(static_cast<size_t>(byte_count(dtype, dims)));
  if (out.empty()) return out;
  if (!storage) throw Error(Status::internal, "the bytes of a tensor without storage are wanted");
  storage->read(0, out);
  return out;
}

std::vector<double> to_doubles(const Tensor& tensor) {
  std::vector<double> out;
  if (integers(tensor, out)) return out;
  switch (tensor.dtype) {
    case DType::f32:
      return cast<float, double>(tensor);
    case DType::f64:
      return tensor.as<double>();
    case DType::bf16:
      return converted<uint16_t, double>(tensor, bfloat);
    case DType::f16:
      return converted<uint16_t, double>(tensor, [](uint16_t v) { return small_float(v, 5, 10, true); });
    case DType::f8e5m2:
      return converted<uint8_t, double>(tensor, [](uint8_t v) { return small_float(v, 5, 2, true); });
    case DType::f8e4m3fn:
      return converted<uint8_t, double>(tensor, [](uint8_t v) { return small_float(v, 4, 3, false); });
    default:
      no_numbers(tensor.dtype);
  }
}

std::vector<int64_t> to_ints(const Tensor& tensor) {
  std::vector<int64_t> out;
  if (!integers(tensor, out)) no_numbers(tensor.dtype);
  if (tensor.dtype == DType::u64 && std::any_of(out.begin(), out.end(), [](int64_t v) { return v < 0; })) {
    throw Error(Status::unsupported, "an integer over 2^63");
  }
  return out;
}

Tensor make_tensor(DType dtype, std::vector<int64_t> dims, std::vector<std::byte> bytes) {
  if (byte_count(dtype, dims) != bytes.size() || size_of(dtype) == 0)
    throw Error(Status::internal, "a tensor's bytes do not fit its sizes");
  return {dtype, std::move(dims), base::memory(std::move(bytes)), nullptr};
}

Tensor make_strings(std::vector<int64_t> dims, std::vector<std::string> values) {
  if (static_cast<uint64_t>(element_count(dims)) != values.size())
    throw Error(Status::internal, "a tensor's strings do not fit its sizes");
  return {DType::string, std::move(dims), nullptr, std::make_shared<const std::vector<std::string>>(std::move(values))};
}

Tensor make_splat(DType dtype, std::vector<int64_t> dims, std::vector<std::byte> element) {
  if (element.size() != size_of(dtype) || element.empty())
    throw Error(Status::internal, "an element's bytes do not fit its type");
  const uint64_t size = byte_count(dtype, dims);
  return {dtype, std::move(dims), base::repeated(std::move(element), size), nullptr};
}

Tensor reshaped(const Tensor& tensor, std::vector<int64_t> dims) {
  if (element_count(dims) != tensor.elements()) throw Error(Status::internal, "a tensor cannot get sizes of another count");
  Tensor out = tensor;
  out.dims = std::move(dims);
  return out;
}

Tensor transposed(const Tensor& tensor, const std::vector<size_t>& perm) {
  std::vector<int64_t> dims(perm.size());
  std::vector<bool> seen(perm.size(), false);
  bool same = true;
  if (perm.size() != tensor.dims.size()) throw Error(Status::internal, "a permutation of another rank");
  for (size_t i = 0; i < perm.size(); ++i) {
    if (perm[i] >= perm.size() || seen[perm[i]]) throw Error(Status::internal, "not a permutation");
    seen[perm[i]] = true;
    same = same && perm[i] == i;
    dims[i] = tensor.dims[perm[i]];
  }
  if (same) return tensor;
  Tensor out = tensor;
  out.dims = std::move(dims);
  if (!tensor.storage)
    throw Error(Status::unsupported, "axes of a tensor of type " + std::string(name_of(tensor.dtype)) + " cannot be permuted");
  out.storage = base::permuted(tensor.storage, tensor.dims, perm, size_of(tensor.dtype));
  return out;
}

Tensor widened(const Tensor& tensor) {
  const bool brain = tensor.dtype == DType::bf16;
  if ((!brain && tensor.dtype != DType::f16) || !tensor.storage)
    throw Error(Status::unsupported, "no 16-bit numbers: " + std::string(name_of(tensor.dtype)));
  return {DType::f32, tensor.dims, std::make_shared<Widened>(tensor.storage, brain), nullptr};
}

Tensor scaled(const Tensor& tensor, float factor) {
  if (tensor.dtype != DType::f32 || !tensor.storage) throw Error(Status::unsupported, "only float32 tensors can be scaled");
  Tensor out = tensor;
  out.storage = base::scaled(tensor.storage, factor);
  return out;
}

std::optional<Tensor> same_view(const Tensor& view, const Tensor& base, const Tensor& other) {
  if (!view.storage || !base.storage || !other.storage) return std::nullopt;
  if (view.dtype != base.dtype || other.dtype != base.dtype || other.dims != base.dims) return std::nullopt;
  auto storage = view.storage->over(*base.storage, other.storage);
  if (!storage) return std::nullopt;
  return Tensor{view.dtype, view.dims, std::move(storage), nullptr};
}

bool same_contents(const Tensor& a, const Tensor& b) {
  if (a.dtype != b.dtype || a.dims != b.dims) return false;
  if (a.strings || b.strings) return a.strings && b.strings && *a.strings == *b.strings;
  const uint64_t size = a.bytes();
  if (a.storage == b.storage || size == 0) return true;
  if (!a.storage || !b.storage) return false;
  constexpr uint64_t step = 1 << 20;
  std::vector<std::byte> left(static_cast<size_t>(std::min(step, size))), right(left.size());
  for (uint64_t at = 0; at < size; at += step) {
    const auto count = static_cast<size_t>(std::min(step, size - at));
    a.storage->read(at, std::span(left).first(count));
    b.storage->read(at, std::span(right).first(count));
    if (std::memcmp(left.data(), right.data(), count) != 0) return false;
  }
  return true;
}

}  // namespace keraft
