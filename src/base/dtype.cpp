#include "keraft/dtype.hpp"

#include <algorithm>
#include <array>

namespace keraft {
namespace {

struct Row {
  DType dtype;
  std::string_view name;
  size_t size;
};

constexpr std::array rows{
    Row{DType::invalid, "invalid", 0},
    Row{DType::f32, "float32", 4},
    Row{DType::f64, "float64", 8},
    Row{DType::i32, "int32", 4},
    Row{DType::u8, "uint8", 1},
    Row{DType::i16, "int16", 2},
    Row{DType::i8, "int8", 1},
    Row{DType::string, "string", 0},
    Row{DType::c64, "complex64", 8},
    Row{DType::i64, "int64", 8},
    Row{DType::boolean, "bool", 1},
    Row{DType::qi8, "qint8", 1},
    Row{DType::qu8, "quint8", 1},
    Row{DType::qi32, "qint32", 4},
    Row{DType::bf16, "bfloat16", 2},
    Row{DType::qi16, "qint16", 2},
    Row{DType::qu16, "quint16", 2},
    Row{DType::u16, "uint16", 2},
    Row{DType::c128, "complex128", 16},
    Row{DType::f16, "float16", 2},
    Row{DType::resource, "resource", 0},
    Row{DType::variant, "variant", 0},
    Row{DType::u32, "uint32", 4},
    Row{DType::u64, "uint64", 8},
    Row{DType::f8e5m2, "float8_e5m2", 1},
    Row{DType::f8e4m3fn, "float8_e4m3fn", 1},
    Row{DType::i4, "int4", 1},
    Row{DType::u4, "uint4", 1},
};

const Row& row(DType dtype) noexcept {
  const auto* found = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.dtype == dtype; });
  return found == rows.end() ? rows[0] : *found;
}

}  // namespace

size_t size_of(DType dtype) noexcept { return row(dtype).size; }

std::string_view name_of(DType dtype) noexcept { return row(dtype).name; }

DType dtype_named(std::string_view name) noexcept {
  const auto* found = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == name; });
  return found == rows.end() ? DType::invalid : found->dtype;
}

bool is_floating(DType dtype) noexcept {
  switch (dtype) {
    case DType::f16:
    case DType::bf16:
    case DType::f32:
    case DType::f64:
    case DType::f8e5m2:
    case DType::f8e4m3fn:
      return true;
    default:
      return false;
  }
}

bool is_integer(DType dtype) noexcept {
  switch (dtype) {
    case DType::i4:
    case DType::u4:
    case DType::i8:
    case DType::u8:
    case DType::i16:
    case DType::u16:
    case DType::i32:
    case DType::u32:
    case DType::i64:
    case DType::u64:
      return true;
    default:
      return false;
  }
}

}  // namespace keraft
