#include "transfer/read_hdf5.h"

#include <map>
#include <set>

#include "base/file.h"
#include "formats/keras_h5/open.h"
#include "formats/keras_v3/read.h"
#include "formats/wire/hdf5_reader.h"
#include "keraft/error.hpp"
#include "transfer/names.h"

namespace keraft::transfer {
namespace {

using formats::wire::Hdf5Reader;

/// Keras 1 and 2, and what tf_keras writes: groups in the order of the layers, whose attributes list their weights in order.
Source read_groups(Hdf5Reader& file, const std::string& path, const std::string& root) {
  Source out;
  out.path = path;
  out.kind = "h5 weights";
  const std::string version = file.text(root, "keras_version").value_or("1");
  const auto told = file.text(root, "backend");
  if (!told)
    out.notes.emplace_back("backend",
                           "the weights do not say of which; convolution kernels are taken as TensorFlow's, not flipped");
  else if (*told == "theano")
    throw Error(Status::unsupported, "weights of Theano, whose convolution kernels are turned around", {path, {}, {}});
  out.producer = "Keras " + version;
  const std::string below = root == "/" ? root : root + "/";
  const auto layers = file.texts(root, "layer_names");
  std::set<std::string> seen;
  for (const std::string& layer : *layers) {
    const auto weights = file.texts(below + layer, "weight_names");
    if (!weights) throw Error(Status::format, "the layer's attribute weight_names is missing", {path, {}, layer});
    for (const std::string& weight : *weights) {
      const std::string where = below + layer + "/" + weight;
      if (!seen.insert(where).second) throw Error(Status::format, "one weight is listed twice", {path, {}, where});
      Path own = path_of(weight);
      Path whole = path_of(layer);
      // "dense/kernel" in the group "dense"; in a model inside, "dense/kernel" in the group "inner".
      if (own.size() < 2 || own.front() != whole.front())
        whole.insert(whole.end(), own.begin(), own.end());
      else
        whole = own;
      out.nested.push_back(out.weights.size());
      out.weights.push_back({where.substr(1), {std::move(whole)}, layer, file.tensor(where)});
    }
  }
  return out;
}

/// A tree of Keras 3: groups of classes, numbered in the order of the layers of each class.
class Tree {
 public:
  Tree(Hdf5Reader& file, std::string path, base::Budget& budget) : file_(file), budget_(budget) { out_.path = std::move(path); }

  Source read(const Model& model, const formats::Nesting& nesting) {
    out_.kind = "weights.h5";
    out_.producer = "Keras";
    const bool old = !file_.has("/layers") && file_.has("/_layer_checkpoint_dependencies");
    walk(old ? "/_layer_checkpoint_dependencies" : "/layers", {}, 0);
    for (const char* other : {"/optimizer", "/metrics"}) count_state(other, 0);
    place(model, nesting);
    return std::move(out_);
  }

 private:
  void deeper(int depth) const {
    if (depth > budget_.max_depth()) throw Error(Status::memory, "groups nested too deep", {out_.path, {}, {}});
  }

  void walk(const std::string& group, const Path& names, int depth) {
    deeper(depth);
    for (const std::string& child : file_.children(group)) {
      budget_.nodes(1);
      const std::string where = group + "/" + child;
      if (child == "vars") continue;
      Path inside = names;
      // A list of layers has no name of its own.
      if (child != "layers") {
        const auto name = file_.has(where + "/vars") ? file_.text(where + "/vars", "name") : std::nullopt;
        if (name) inside.push_back(*name);
      }
      const auto variables = file_.children(where + "/vars");
      for (size_t i = 0; i < variables.size(); ++i) {
        const std::string dataset = where + "/vars/" + variables[i];
        std::vector<Path> paths;
        if (!inside.empty()) {
          paths.push_back(inside);
          paths.back().push_back(variables[i]);
        }
        at_.emplace(dataset, out_.weights.size());
        out_.weights.push_back({dataset.substr(1), std::move(paths), where, file_.tensor(dataset)});
      }
      walk(where, inside, depth + 1);
    }
  }

  void count_state(const std::string& group, int depth) {
    deeper(depth);
    for (const std::string& child : file_.children(group)) {
      budget_.nodes(1);
      if (group.ends_with("/vars"))
        ++out_.state;
      else
        count_state(group + "/" + child, depth + 1);
    }
  }

  /// The order that the model's layers give, when it has a layer for each group here and the other way round.
  void place(const Model& model, const formats::Nesting& nesting) {
    Graph bare = model.graph;
    for (Layer& layer : bare.layers) layer.slots.clear();
    std::vector<std::vector<std::string>> found;
    try {
      formats::read_weight_tree(file_, out_.path, model.registry, bare, nesting, &found);
    } catch (const Error& error) {
      if (error.status() != Status::format) throw;
      return;
    }
    std::vector<std::vector<size_t>> by_layer(bare.layers.size());
    std::set<std::string> used;
    for (size_t i = 0; i < found.size(); ++i) {
      for (const std::string& dataset : found[i]) {
        const auto at = at_.find(dataset);
        if (at == at_.end() || !used.insert(dataset).second) return;
        by_layer[i].push_back(at->second);
        out_.weights[at->second].layer = std::to_string(i);
      }
    }
    for (const auto& [dataset, index] : at_) {
      // A wrapper repeats a weight of the layer that it holds, beside it.
      const std::string group = dataset.substr(0, dataset.rfind("/vars/") + 1);
      const auto below = used.lower_bound(group);
      if (below == used.end() || !below->starts_with(group)) return;
    }
    for (const size_t layer : formats::layers_in_order(nesting))
      out_.nested.insert(out_.nested.end(), by_layer[layer].begin(), by_layer[layer].end());
  }

  Hdf5Reader& file_;
  base::Budget& budget_;
  Source out_;
  std::map<std::string, size_t> at_;  ///< by dataset
};

}  // namespace

std::optional<Source> read_hdf5(const std::string& path, const Model& model, const formats::Nesting& nesting,
                                const Control& control) {
  const auto source = base::File::open(path);
  base::Budget budget(control);
  Hdf5Reader file(base::file_range(source, 0, source->size()), path, budget);
  if (file.text("/", "model_config")) return std::nullopt;
  for (const char* root : {"/", "/model_weights"}) {
    if (file.has(root) && file.texts(root, "layer_names")) return read_groups(file, path, root);
  }
  if (file.has("/layers") || file.has("/_layer_checkpoint_dependencies")) return Tree(file, path, budget).read(model, nesting);
  throw Error(Status::format, "an HDF5 file with neither a Keras model nor weights of one", {path, {}, {}});
}

}  // namespace keraft::transfer
