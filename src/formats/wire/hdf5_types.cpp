#include "formats/wire/hdf5_types.h"

#include "base/checked.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

DType float_type(hid_t type) {
  size_t sign, exponent_at, exponent, mantissa_at, mantissa;
  if (H5Tget_fields(type, &sign, &exponent_at, &exponent, &mantissa_at, &mantissa) < 0) return DType::invalid;
  const size_t bits = 1 + exponent + mantissa;
  const bool plain = mantissa_at == 0 && exponent_at == mantissa && sign == bits - 1 && H5Tget_norm(type) == H5T_NORM_IMPLIED &&
                     H5Tget_size(type) * 8 == bits && H5Tget_ebias(type) == (size_t{1} << (exponent - 1)) - 1;
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

void check_chunks(hid_t dataset, hid_t properties, const std::vector<hsize_t>& dims, uint64_t size, const std::string& file,
                  const std::string& path) {
  const auto fail = [&](Status status, const char* what) { throw Error(status, what, {file, {}, path}); };
  const int filters = H5Pget_nfilters(properties);
  bool packed = false;
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    size_t values = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config);
    if (filter == H5Z_FILTER_DEFLATE)
      packed = true;
    else if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32) {
      fail(Status::unsupported, "a dataset packed with a filter other than deflate, shuffle and fletcher32");
    }
  }
  if (filters < 0 || filters > 8) fail(Status::format, "a dataset with too many filters");
  std::vector<hsize_t> chunk(dims.size());
  if (H5Pget_chunk(properties, static_cast<int>(chunk.size()), chunk.data()) != static_cast<int>(chunk.size())) {
    fail(Status::format, "a dataset with damaged chunks");
  }
  uint64_t wanted = 1, elements = 1;
  for (size_t i = 0; i < dims.size(); ++i) {
    const auto larger = base::mul<uint64_t>(elements, chunk[i]);
    if (!larger) fail(Status::format, "a dataset with damaged chunks");
    elements = *larger;
    const auto next = chunk[i] == 0 ? std::nullopt : base::mul<uint64_t>(wanted, (dims[i] - 1) / chunk[i] + 1);
    if (!next) fail(Status::format, "a dataset with damaged chunks");
    wanted = *next;
  }
  // libhdf5 holds one unpacked chunk in memory; small tensors may lie in a chunk that is larger than they are.
  const auto held = base::mul<uint64_t>(elements, 8);
  if (!held || *held / 16 > size + (1u << 20)) fail(Status::memory, "a dataset's chunks are far larger than the dataset");
  // Deflate packs at most 1032:1, and every chunk must be stored: nothing is allocated for bytes that the file does not have.
  const uint64_t stored = H5Dget_storage_size(dataset);
  const auto most = base::mul<uint64_t>(stored, packed ? 1032 : 1);
  hsize_t there = 0;
  if ((most && *most < size) || H5Dget_num_chunks(dataset, H5S_ALL, &there) < 0 || there != wanted) {
    fail(Status::format, "the dataset's elements are not all stored");
  }
}

}  // namespace keraft::formats::wire
