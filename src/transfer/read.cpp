#include "transfer/read.h"

#include "base/file.h"
#include "base/string.h"
#include "formats/keras/keras.h"
#include "formats/python/npz_read.h"
#include "reading/tensorflow_file.h"
#include "transfer/names.h"
#include "transfer/read_hdf5.h"

namespace keraft::transfer {
namespace {

/// The number in "arr_7", as numpy calls arrays without names; -1 for other names.
int64_t number_of(const std::string& name) {
  if (!name.starts_with("arr_") || name.size() > 12 || !is_nameless(name.substr(4)) || name.size() == 4) return -1;
  return std::stoll(name.substr(4));
}

Source read_arrays(const std::string& path, base::Budget& budget) {
  Source out;
  out.path = path;
  out.kind = "npz";
  auto arrays = formats::read_npz(path, budget);
  std::vector<size_t> by_number(arrays.size(), arrays.size());
  size_t numbered = 0;
  for (size_t i = 0; i < arrays.size(); ++i) {
    auto& [name, value] = arrays[i];
    const int64_t number = number_of(name);
    if (number >= 0 && static_cast<size_t>(number) < arrays.size() && by_number[static_cast<size_t>(number)] == arrays.size()) {
      by_number[static_cast<size_t>(number)] = i;
      ++numbered;
    }
    out.weights.push_back({name, {path_of(name)}, {}, std::move(value)});
  }
  if (numbered != arrays.size()) return out;
  // What model.get_weights() gave.
  for (Stored& one : out.weights) one.paths.clear();
  out.nested = std::move(by_number);
  return out;
}

}  // namespace

std::optional<Source> read_weights(const std::string& path, const Model& model, const formats::Nesting& nesting,
                                   const Control& control) {
  base::Budget budget(control);
  const std::string prefix = reading::checkpoint_prefix(path);
  if (!base::is_folder(path) && (prefix != path || !base::exists(path)) && base::exists(prefix + ".index"))
    return read_checkpoint(prefix, control);
  const auto kind = formats::sniff_keras(path);
  if (kind == Kind::keras_h5) return read_hdf5(path, model, nesting, control);
  if (kind == Kind::keras_v3 && formats::is_npz(path, budget)) return read_arrays(path, budget);
  return std::nullopt;
}

}  // namespace keraft::transfer
