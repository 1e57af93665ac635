#include "file_call.h"

#include <filesystem>

namespace keraft::capi {

bool ends_with(const std::string& text, std::string_view end) {
  if (text.size() < end.size()) return false;
  for (size_t i = 0; i < end.size(); ++i) {
    const char c = text[text.size() - end.size() + i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != end[i]) return false;
  }
  return true;
}

Kind kind_of(const std::string& path, keraft_kind asked) {
  const Place place{path, {}, {}};
  if (asked == KERAFT_KIND_CHECKPOINT)
    throw Error(Status::argument, "a checkpoint alone cannot be written yet; write its meta graph with it: .meta", place);
  if (asked != KERAFT_KIND_BY_NAME) return static_cast<Kind>(asked);
  if (ends_with(path, ".weights.h5")) throw Error(Status::argument, "weights alone cannot be written yet", place);
  if (ends_with(path, ".keras")) return Kind::keras_v3;
  if (ends_with(path, ".h5") || ends_with(path, ".hdf5")) return Kind::keras_h5;
  if (ends_with(path, ".pb")) return Kind::graphdef;
  if (ends_with(path, ".pbtxt")) return Kind::graphdef_text;
  if (ends_with(path, ".meta")) return Kind::meta_graph;
  if (ends_with(path, ".py")) return Kind::python;
  if (ends_with(path, "/")) return Kind::saved_model;
  throw Error(Status::argument,
              "does not say its kind: use a name that ends in .keras, .h5, .pb, .pbtxt, .meta, .py or /, or give the kind",
              place);
}

void refuse_inside(const std::string& source, const std::string& target) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (!fs::is_directory(source, ignored)) return;
  const fs::path folder = fs::canonical(source, ignored);
  for (fs::path at = fs::weakly_canonical(fs::absolute(target), ignored).parent_path(); !at.empty(); at = at.parent_path()) {
    if (at == folder)
      throw Error(Status::argument, "lies inside the model that is read; choose another place", {target, {}, {}});
    if (at == at.parent_path()) return;
  }
}

}  // namespace keraft::capi
