#include "formats/wire/hdf5_types.h"

namespace keraft::formats::wire {
namespace {

DType float_type(hid_t type) {
  size_t sign, exponent_at, exponent, mantissa_at, mantissa;
  if (H5Tget_fields(type, &sign, &exponent_at, &exponent, &mantissa_at, &mantissa) < 0) return DType::invalid;
  const size_t bits = 1 + exponent + mantissa;
  const bool plain = mantissa_at == 0 && exponent_at == mantissa && sign == bits - 1 && H5Tget_norm(type) == H5T_NORM_IMPLIED &&
                     H5Tget_size(type) * 8 == bits && H5Tget_precision(type) == bits &&
                     H5Tget_ebias(type) == (size_t{1} << (exponent - 1)) - 1;
  if (!plain) return DType::invalid;
  if (exponent == 8 && mantissa == 23) return DType::f32;
  if (exponent == 11 && mantissa == 52) return DType::f64;
  if (exponent == 5 && mantissa == 10) return DType::f16;
  if (exponent == 8 && mantissa == 7) return DType::bf16;
  return DType::invalid;
}

DType integer_type(hid_t type) {
  const size_t size = H5Tget_size(type);
  if (H5Tget_precision(type) != size * 8) return DType::invalid;
  const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
  switch (size) {
    case 1:
      return is_signed ? DType::i8 : DType::u8;
    case 2:
      return is_signed ? DType::i16 : DType::u16;
    case 4:
      return is_signed ? DType::i32 : DType::u32;
    case 8:
      return is_signed ? DType::i64 : DType::u64;
    default:
      return DType::invalid;
  }
}

}  // namespace

ElementType element_type_of(hid_t type, const std::string& marked) {
  const H5T_class_t kind = H5Tget_class(type);
  ElementType out;
  if (kind == H5T_FLOAT) out.dtype = float_type(type);
  if (kind == H5T_INTEGER) out.dtype = integer_type(type);
  if (kind == H5T_ENUM && H5Tget_size(type) == 1) out.dtype = DType::boolean;
  if (kind == H5T_OPAQUE && H5Tget_size(type) == 2 && marked == "bfloat16") out.dtype = DType::bf16;
  if (out.dtype == DType::u16 && marked == "bfloat16") out.dtype = DType::bf16;
  if (kind == H5T_FLOAT || kind == H5T_INTEGER) {
    const H5T_order_t order = H5Tget_order(type);
    if (order != H5T_ORDER_LE && order != H5T_ORDER_BE) return {};
    if (H5Tget_size(type) > 1 && H5Tget_offset(type) != 0) return {};
    out.swapped = order == H5T_ORDER_BE && size_of(out.dtype) > 1;
  }
  return out;
}

}  // namespace keraft::formats::wire
