// Everything that can be reached in an HDF5 file.
#include "formats/wire/hdf5_reader.h"
#include "fuzz.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    keraft::base::Budget budget(fuzz::control());
    keraft::formats::wire::Hdf5Reader file(fuzz::storage_of(fuzz::text_of(data, size)), "file.h5", budget);
    int left = 64;
    visit(file, "/", 0, left);
  });
}
