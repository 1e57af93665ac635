#include "verify/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "keraft/error.hpp"
#include "kernels/half.h"

namespace keraft::verifying {
namespace {

template <class T>
std::vector<double> converted(const Array& array) {
  const T* values = array.as<T>();
  return std::vector<double>(values, values + array.elements());
}

std::vector<double> doubles(const Array& array) {
  switch (array.dtype) {
    case DType::f32:
      return converted<float>(array);
    case DType::f64:
      return converted<double>(array);
    case DType::i32:
      return converted<int32_t>(array);
    case DType::i16:
      return converted<int16_t>(array);
    case DType::i8:
      return converted<int8_t>(array);
    case DType::u8:
    case DType::boolean:
      return converted<uint8_t>(array);
    case DType::u16:
      return converted<uint16_t>(array);
    case DType::u32:
      return converted<uint32_t>(array);
    case DType::i64:
    case DType::u64: {
      std::vector<double> out;
      for (int64_t i = 0; i < array.elements(); ++i) out.push_back(static_cast<double>(array.as<int64_t>()[i]));
      return out;
    }
    case DType::f16:
    case DType::bf16: {
      std::vector<double> out;
      for (int64_t i = 0; i < array.elements(); ++i) {
        const uint16_t bits = array.as<uint16_t>()[i];
        out.push_back(static_cast<double>(array.dtype == DType::f16 ? kernels::from_f16(bits) : kernels::from_bf16(bits)));
      }
      return out;
    }
    default:
      throw Error(Status::unsupported, "cannot compare tensors of type " + std::string(name_of(array.dtype)));
  }
}

double last_place(double scale, DType dtype) {
  int digits = 0;
  switch (dtype) {
    case DType::f64:
      digits = std::numeric_limits<double>::digits;
      break;
    case DType::f16:
      digits = 11;
      break;
    case DType::bf16:
      digits = 8;
      break;
    case DType::f32:
      digits = std::numeric_limits<float>::digits;
      break;
    default:
      return 1;
  }
  return scale > 0 ? std::ldexp(1.0, std::ilogb(scale) - digits + 1) : std::ldexp(1.0, -126 - digits + 1);
}

}  // namespace

Difference compare(const Array& a, const Array& b) {
  Difference out;
  if (a.elements() != b.elements()) {
    out.comparable = false;
    return out;
  }
  const std::vector<double> x = doubles(a), y = doubles(b);
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i])) out.scale = std::max(out.scale, std::abs(x[i]));
    if (std::isfinite(x[i]) && std::isfinite(y[i])) {
      ++out.finite;
      out.max_abs = std::max(out.max_abs, std::abs(x[i] - y[i]));
    } else if (!(x[i] == y[i] || (std::isnan(x[i]) && std::isnan(y[i])))) {
      out.max_abs = std::numeric_limits<double>::infinity();
    }
  }
  if (out.max_abs > 0) {
    out.max_rel = out.scale > 0 ? out.max_abs / out.scale : std::numeric_limits<double>::infinity();
    out.ulp = out.max_abs / last_place(out.scale, a.dtype);
  }
  return out;
}

}  // namespace keraft::verifying
