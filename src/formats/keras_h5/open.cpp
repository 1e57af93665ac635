#include "formats/keras_h5/open.h"

#include "base/file.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

std::shared_ptr<const Storage> whole(const std::string& path) {
  const auto file = base::File::open(path);
  return base::file_range(file, 0, file->size());
}

}  // namespace

OpenH5::OpenH5(const std::string& from, base::Budget& limits) : path(from), budget(limits), file(whole(from), from, limits) {
  auto found = file.text("/", "model_config");
  if (!found) {
    throw Error(Status::format, "the file holds weights but no model: it has no model_config; save the whole model",
                {path, {}, {}});
  }
  text = std::move(*found);
  version = file.text("/", "keras_version").value_or("1");
  backend = file.text("/", "backend").value_or("");
}

bool OpenH5::trained() { return file.text("/", "training_config") || file.has("/optimizer_weights"); }

Value OpenH5::config() const { return wire::parse_json(text, budget, {path, {}, "model_config"}); }

}  // namespace keraft::formats
