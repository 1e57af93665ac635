#include "formats/python/npz.h"

#include <map>

#include "base/append.h"
#include "formats/wire/crc32.h"
#include "formats/wire/zip_writer.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr size_t alignment = 64;                       // of the contents, by numpy's own format
constexpr uint64_t wide = (uint64_t{1} << 32) - 4096;  // from here on sizes take eight bytes

const char* descr(DType dtype) {
  static const std::map<DType, const char*> names = {
      {DType::f16, "<f2"}, {DType::f32, "<f4"},     {DType::f64, "<f8"}, {DType::i8, "|i1"},   {DType::i16, "<i2"},
      {DType::i32, "<i4"}, {DType::i64, "<i8"},     {DType::u8, "|u1"},  {DType::u16, "<u2"},  {DType::u32, "<u4"},
      {DType::u64, "<u8"}, {DType::boolean, "|b1"}, {DType::c64, "<c8"}, {DType::c128, "<c16"}};
  const auto found = names.find(dtype);
  return found == names.end() ? nullptr : found->second;
}

std::string header(const Tensor& tensor, const char* type) {
  std::string dims;
  for (const int64_t size : tensor.dims) dims += std::to_string(size) + ", ";
  if (tensor.dims.size() > 1) dims.resize(dims.size() - 2);
  if (tensor.dims.size() == 1) dims.resize(dims.size() - 1);
  std::string text = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" + dims + "), }";
  const std::string magic("\x93NUMPY\x01\x00", 8);
  const size_t used = magic.size() + 2 + text.size() + 1;
  text.append((alignment - used % alignment) % alignment, ' ');
  text += '\n';
  return magic + static_cast<char>(text.size() & 0xFF) + static_cast<char>(text.size() >> 8) + text;
}

}  // namespace

void write_npz(const std::vector<std::pair<std::string, Tensor>>& tensors, const std::string& path, const Control& control) {
  base::AtomicFile file(path);
  wire::ZipWriter zip(file);
  for (const auto& [name, value] : tensors) {
    const Tensor tensor = value.dtype == DType::bf16 ? widened(value) : value;
    const char* type = descr(tensor.dtype);
    if (!type) throw Error(Status::unsupported, "numpy has no " + std::string(name_of(tensor.dtype)), {path, {}, name});
    zip.begin(name + ".npy", tensor.bytes() >= wide);
    const std::string head = header(tensor, type);
    file.append(head);
    uint32_t crc = wire::crc32(0, std::as_bytes(std::span(head)));
    if (tensor.storage)
      base::append(file, tensor, control, [&](std::span<const std::byte> part) { crc = wire::crc32(crc, part); });
    zip.end(head.size() + tensor.bytes(), crc);
  }
  zip.finish();
  file.commit();
}

}  // namespace keraft::formats
