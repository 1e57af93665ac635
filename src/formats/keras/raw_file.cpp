#include "formats/keras/raw_file.h"

#include <vector>

#include "base/file.h"
#include "formats/keras/keras.h"
#include "formats/keras_h5/open.h"
#include "formats/keras_v3/open.h"
#include "keraft/error.hpp"

namespace keraft::formats {

namespace {

/// Is there a "vars" with something in it, in this group or deeper?
bool has_variables(wire::Hdf5Reader& tree, const std::string& root) {
  std::vector<std::string> groups;
  if (tree.has(root)) groups.push_back(root);
  while (!groups.empty()) {
    const std::string group = std::move(groups.back());
    groups.pop_back();
    const bool holds_variables = group.ends_with("/vars");
    for (const std::string& name : tree.children(group)) {
      if (holds_variables) return true;
      groups.push_back(group + "/" + name);
    }
  }
  return false;
}

}  // namespace

RawKeras read_raw_keras(const std::string& path, const Control& control, WeightGroups* groups) {
  const auto kind = sniff_keras(path);
  if (!kind) throw Error(Status::format, "not a Keras file: neither .keras nor .h5; convert makes one", {path, {}, {}});
  base::Budget budget(control);
  RawKeras out;
  out.kind = *kind;
  if (*kind == Kind::keras_h5) {
    const OpenH5 file(path, budget);
    out.producer = "Keras " + file.version;
    out.config = file.config();
    return out;
  }
  OpenArchive file(path, budget, Checksums::trusted);
  out.producer = file.producer;
  out.config = file.config();
  if (groups) *groups = {has_variables(file.tree, "/_layer_checkpoint_dependencies"), has_variables(file.tree, "/layers")};
  return out;
}

}  // namespace keraft::formats
