// What numpy calls the types of its arrays.
#pragma once

#include <string_view>
#include <utility>

#include "keraft/dtype.hpp"

namespace keraft::formats {

/// Without the sign of the byte order in front.
inline constexpr std::pair<std::string_view, DType> npy_types[] = {
    {"f2", DType::f16}, {"f4", DType::f32}, {"f8", DType::f64},   {"i1", DType::i8},     {"i2", DType::i16},
    {"i4", DType::i32}, {"i8", DType::i64}, {"u1", DType::u8},    {"u2", DType::u16},    {"u4", DType::u32},
    {"u8", DType::u64}, {"c8", DType::c64}, {"c16", DType::c128}, {"b1", DType::boolean}};

}  // namespace keraft::formats
