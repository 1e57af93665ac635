#include "formats/python/npz.h"

#include <algorithm>
#include <iterator>

#include "base/append.h"
#include "formats/python/npy_types.h"
#include "formats/wire/crc32.h"
#include "formats/wire/zip_writer.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr size_t alignment = 64;                       // of the contents, by numpy's own format
constexpr uint64_t wide = (uint64_t{1} << 32) - 4096;  // from here on sizes take eight bytes

/// Empty for what numpy does not have.
std::string descr(DType dtype) {
  const auto* found =
      std::find_if(std::begin(npy_types), std::end(npy_types), [&](const auto& one) { return one.second == dtype; });
  if (found == std::end(npy_types)) return {};
  return (size_of(dtype) == 1 ? "|" : "<") + std::string(found->first);
}

std::string header(const Tensor& tensor, const std::string& type) {
  std::string dims;
  for (const int64_t size : tensor.dims) dims += std::to_string(size) + ", ";
  if (tensor.dims.size() > 1) dims.resize(dims.size() - 2);
  if (tensor.dims.size() == 1) dims.resize(dims.size() - 1);
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + dims + "), }";
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
    const std::string type = descr(tensor.dtype);
    if (type.empty()) throw Error(Status::unsupported, "numpy has no " + std::string(name_of(tensor.dtype)), {path, {}, name});
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
