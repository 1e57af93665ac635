// Element types. The values are TensorFlow's DataType numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keraft {

enum class DType : int32_t {
  invalid = 0,
  f32 = 1,
  f64 = 2,
  i32 = 3,
  u8 = 4,
  i16 = 5,
  i8 = 6,
  string = 7,
  c64 = 8,
  i64 = 9,
  boolean = 10,
  qi8 = 11,
  qu8 = 12,
  qi32 = 13,
  bf16 = 14,
  qi16 = 15,
  qu16 = 16,
  u16 = 17,
  c128 = 18,
  f16 = 19,
  resource = 20,
  variant = 21,
  u32 = 22,
  u64 = 23,
  f8e5m2 = 24,
  f8e4m3fn = 25,
  i4 = 29,
  u4 = 30,
};

/// Bytes of one element in memory and in files; 0 where elements have no fixed size (string, resource, variant, invalid).
size_t size_of(DType dtype) noexcept;
/// keras/numpy name: "float32", "bfloat16", "bool", …; "invalid" for what has none.
std::string_view name_of(DType dtype) noexcept;
/// The inverse of name_of; DType::invalid for an unknown name.
DType dtype_named(std::string_view name) noexcept;
bool is_floating(DType dtype) noexcept;
bool is_integer(DType dtype) noexcept;

}  // namespace keraft
