#include "formats/keras/keras.h"
#include "formats/keras/raw_file.h"
#include "formats/keras/read_config.h"

namespace keraft::formats {
namespace {

void add_layers(const Nesting& nesting, const std::map<LayerPath, size_t>& layers, const LayerPath& model,
                std::vector<size_t>& out) {
  const auto children = nesting.children.find(model);
  if (children == nesting.children.end()) return;
  for (const Nesting::Child& child : children->second) {
    LayerPath inside = model;
    inside.push_back(child.name);
    if (child.is_model) {
      add_layers(nesting, layers, inside, out);
    } else if (const auto layer = layers.find(inside); layer != layers.end()) {
      out.push_back(layer->second);
    }
  }
}

}  // namespace

std::vector<size_t> layers_in_order(const Nesting& nesting) {
  std::map<LayerPath, size_t> layers;
  for (size_t i = 0; i < nesting.paths.size(); ++i) layers.emplace(nesting.paths[i], i);
  std::vector<size_t> out;
  add_layers(nesting, layers, {}, out);
  return out;
}

Nesting read_nesting(const std::string& path, const Registry& registry, const Control& control) {
  base::Budget budget(control);
  Nesting out;
  read_model_dict(read_raw_keras(path, control).config, budget, registry, path, out);
  return out;
}

}  // namespace keraft::formats
