// Everything that can be reached in an HDF5 file. Mutations get right checksums most of the time, else nothing behind one is
// tried.
#include <algorithm>
#include <cstring>
#include <span>

#include "formats/wire/hdf5_context.h"
#include "formats/wire/hdf5_reader.h"
#include "fuzz.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

void visit(keraft::formats::wire::Hdf5Reader& file, const std::string& path, int depth, int& left) {
  if (depth > 8 || --left < 0) return;
  fuzz::guarded([&] { file.texts(path, "layer_names"); });
  fuzz::guarded([&] { file.texts(path, "weight_names"); });
  fuzz::guarded([&] { file.text(path, "model_config"); });
  fuzz::guarded([&] {
    const auto names = file.children(path);
    for (const std::string& name : names) visit(file, (path == "/" ? path : path + "/") + name, depth + 1, left);
  });
  fuzz::guarded([&] {
    const keraft::Tensor tensor = file.tensor(path);
    if (tensor.storage && tensor.bytes() < 4096) tensor.load();
  });
}

uint64_t number(const uint8_t* at, size_t width) {
  uint64_t out = 0;
  for (size_t i = 0; i < width; ++i) out |= uint64_t{at[i]} << (8 * i);
  return out;
}

void sum(uint8_t* data, size_t size, size_t at, size_t length) {
  if (length > size - at || size - at - length < 4) return;
  const uint32_t out = keraft::formats::wire::hdf5_hash(std::as_bytes(std::span(data + at, length)));
  std::memcpy(data + at + length, &out, 4);
}

void mend_sums(uint8_t* data, size_t size) {
  uint64_t record = 1;  // of the last B-tree
  for (size_t at = 0; at + 64 < size; ++at) {
    const std::string_view sign(reinterpret_cast<const char*>(data) + at, 4);
    if (sign == "\x89HDF" && data[at + 8] >= 2) sum(data, size, at, 44);
    if (sign == "FRHP") sum(data, size, at, 142);
    if (sign == "FAHD") sum(data, size, at, 24);
    if (sign == "BTHD") {
      record = std::max<uint64_t>(1, number(data + at + 10, 2));
      sum(data, size, at, 34);
      // The root when it is a leaf.
      const uint64_t root = number(data + at + 16, 8), count = number(data + at + 24, 2);
      if (root < size && count * record < size) sum(data, size, root, 6 + count * record);
    }
    if (sign == "OHDR") {
      const uint8_t flags = data[at + 5];
      const size_t before = 6 + (flags & 0x20 ? 16u : 0u) + (flags & 0x10 ? 4u : 0u), width = size_t{1} << (flags & 3);
      const uint64_t length = before + width + std::min<uint64_t>(number(data + at + before, width), size);
      sum(data, size, at, length);
    }
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 8 != 0) mend_sums(data, size);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    keraft::base::Budget budget(fuzz::control());
    keraft::formats::wire::Hdf5Reader file(fuzz::storage_of(fuzz::text_of(data, size)), "file.h5", budget);
    int left = 64;
    visit(file, "/", 0, left);
  });
}
