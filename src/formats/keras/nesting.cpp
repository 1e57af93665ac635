#include "base/file.h"
#include "formats/keras/keras.h"
#include "formats/wire/hdf5_reader.h"
#include "formats/wire/json.h"
#include "formats/wire/zip_reader.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr uint64_t longest_config = uint64_t{256} << 20;

std::string model_config_of(const std::string& path, base::Budget& budget) {
  const auto file = base::File::open(path);
  std::optional<std::string> out;
  if (sniff_keras(path) == Kind::keras_v3) {
    const wire::ZipReader zip(file, budget);
    if (const wire::ZipEntry* entry = zip.find("config.json")) out = zip.text(*entry, longest_config);
  } else {
    wire::Hdf5Reader tree(base::file_range(file, 0, file->size()), path, budget);
    out = tree.text("/", "model_config");
  }
  if (!out) throw Error(Status::format, "the file holds no model", {path, {}, {}});
  return std::move(*out);
}

}  // namespace

Nesting read_nesting(const std::string& path, const Registry& registry, const Control& control) {
  base::Budget budget(control);
  Nesting out;
  read_model_dict(wire::parse_json(model_config_of(path, budget), budget, {path, {}, {}}), budget, registry, path, out);
  return out;
}

}  // namespace keraft::formats
