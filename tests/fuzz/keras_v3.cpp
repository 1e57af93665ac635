// A whole .keras model: the config's length, the config, and the weights, in an archive whose checksums are right.
#include <algorithm>

#include "base/file.h"
#include "formats/wire/zip_writer.h"
#include "fuzz.h"
#include "keraft/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t length = std::min<size_t>(size_t{data[0]} | size_t{data[1]} << 8, size - 2);
  const std::string path = fuzz::folder() / "model.keras";
  {
    keraft::base::AtomicFile file(path);
    keraft::formats::wire::ZipWriter zip(file);
    zip.member("metadata.json", R"({"keras_version": "3.3.0"})");
    zip.member("config.json", fuzz::text_of(data + 2, length));
    zip.member("model.weights.h5", fuzz::text_of(data + 2 + length, size - 2 - length));
    zip.finish();
    file.commit();
  }
  return fuzz::guarded([&] { keraft::load(path, {}, fuzz::control()); });
}
