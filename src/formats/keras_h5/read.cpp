#include "formats/keras_h5/open.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/file.h"
#include "base/string.h"
#include "cards/wrapped.h"
#include "formats/keras/former.h"
#include "formats/keras/keras.h"
#include "formats/keras/layout.h"
#include "formats/keras/line_names.h"
#include "formats/keras/read_config.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

/// "dense/kernel:0" → "kernel".
std::string slot_hint(const std::string& weight_name) {
  const std::string last = base::split(weight_name, '/').back();
  return last.substr(0, last.find(':'));
}

/// The layers of a model inside, its own models' among them, in Keras' order.
void layers_inside(const Nesting& nesting, const std::map<LayerPath, Layer*>& by_path, const LayerPath& model,
                   std::vector<Layer*>& out) {
  for (const Nesting::Child& child : nesting.children.at(model)) {
    LayerPath inside = model;
    inside.push_back(child.name);
    if (child.is_model)
      layers_inside(nesting, by_path, inside, out);
    else if (const auto layer = by_path.find(inside); layer != by_path.end())
      out.push_back(layer->second);
  }
}

/// A model inside has one group for the weights of all its layers: those that are trained, then the others.
void read_model(wire::Hdf5Reader& file, const std::string& group, const std::vector<std::string>& weights,
                const std::vector<Layer*>& layers, OlderFile older, const Registry& registry, const Place& place) {
  std::vector<std::pair<Layer*, std::string>> trained, others;
  for (Layer* layer : layers) {
    if (!registry.layer(layer->cls))
      throw Error(Status::unsupported, "no card for the layer " + base::escaped(layer->cls), {place.file, {}, layer->name});
    for (const cards::OwnedSpec& spec : cards::slots_of(*layer, registry))
      (layer->trainable && spec.trainable ? trained : others).emplace_back(layer, spec.slot);
  }
  trained.insert(trained.end(), others.begin(), others.end());
  if (trained.size() != weights.size()) {
    throw Error(Status::format,
                "the file has " + std::to_string(weights.size()) + " weights for this model, which has " +
                    std::to_string(trained.size()),
                place);
  }
  for (size_t i = 0; i < weights.size(); ++i)
    trained[i].first->slots.push_back({trained[i].second, -1, file.tensor(group + "/" + weights[i])});
  for (Layer* layer : layers) {
    std::vector<Tensor> values;
    for (const Slot& slot : layer->slots) values.push_back(slot.value);
    lay_out_as_today(*layer, values, older, registry);
    for (size_t i = 0; i < layer->slots.size(); ++i) layer->slots[i].value = values.at(i);
  }
}

void read_weights(wire::Hdf5Reader& file, const std::string& path, OlderFile older, const Registry& registry,
                  const Nesting& nesting, Graph& graph) {
  const std::string root = "/model_weights";
  if (!file.has(root)) throw Error(Status::format, "the model has no weights: /model_weights is missing", {path, {}, {}});
  const auto names = file.texts(root, "layer_names");
  if (!names) throw Error(Status::format, "the attribute layer_names is missing", {path, {}, root});
  std::map<std::string, Layer*, std::less<>> layers;
  std::map<LayerPath, Layer*> by_path;
  for (size_t i = 0; i < graph.layers.size(); ++i) {
    by_path.emplace(nesting.paths.at(i), &graph.layers[i]);
    if (nesting.paths[i].size() == 1) layers[nesting.paths[i].front()] = &graph.layers[i];
  }
  std::set<std::string, std::less<>> seen;
  for (const std::string& name : *names) {
    const Place place{path, {}, name};
    if (!seen.insert(name).second) throw Error(Status::format, "layer_names lists this layer twice", place);
    const auto weights = file.texts(root + "/" + name, "weight_names");
    if (!weights) throw Error(Status::format, "the layer's attribute weight_names is missing", place);
    if (weights->empty()) continue;
    if (nesting.children.contains({name})) {
      std::vector<Layer*> inside;
      layers_inside(nesting, by_path, {name}, inside);
      read_model(file, root + "/" + name, *weights, inside, older, registry, place);
      continue;
    }
    const auto found = layers.find(name);
    if (found == layers.end()) throw Error(Status::format, "weights of a layer that the model does not have", place);
    Layer& layer = *found->second;
    // Tables are no weights.
    const LayerCard* card = registry.layer(layer.cls);
    if (card && !card->lowers() && cards::slots_of(layer, registry).empty()) continue;
    std::vector<std::string> hints;
    std::vector<Tensor> stored;
    std::set<std::string> paths;
    for (const std::string& weight : *weights) {
      hints.push_back(slot_hint(weight));
      const std::string where = root + "/" + name + "/" + weight;
      if (!paths.insert(where).second) throw Error(Status::format, "one weight is listed twice", {path, {}, where});
      stored.push_back(file.tensor(where));
    }
    lay_out_as_today(layer, stored, older, registry);
    const auto slots = slot_names(layer, stored.size(), hints, registry, path);
    for (size_t i = 0; i < stored.size(); ++i) layer.slots.push_back({slots[i].name, -1, std::move(stored[i])});
  }
  for (const LayerPath& one : nesting.paths) {
    if (!seen.contains(one.front()))
      throw Error(Status::format, "the layer is missing in layer_names", {path, {}, one.front()});
  }
}

/// A state that cannot be read is none: the model is whole without it.
void read_optimizer(wire::Hdf5Reader& file, Graph& graph) {
  const std::string root = "/optimizer_weights";
  Training found;
  try {
    const auto names = file.has(root) ? file.texts(root, "weight_names") : std::nullopt;
    if (!names) return;
    for (const std::string& name : *names) found.stored.push_back(file.tensor(root + "/" + name));
  } catch (const Error& error) {
    if (error.status() != Status::format && error.status() != Status::unsupported) throw;
    return;
  }
  graph.training = std::move(found);
}

void read_settings(OpenH5& open, Graph& graph) {
  const auto text = open.file.text("/", "training_config");
  if (!text) return;
  Value config;
  try {
    config = wire::parse_json(*text, open.budget, {open.path, {}, "training_config"});
  } catch (const Error& error) {
    if (error.status() != Status::format && error.status() != Status::unsupported) throw;
    return;
  }
  const Dict* settings = config.get<Dict>();
  if (!settings) return;
  if (!graph.training) graph.training.emplace();
  graph.training->settings = *settings;
}

/// Which way convolutions go, from what the file or the caller says.
OlderFile older_file(const OpenH5& open, const Former& former, const std::string& told, const Registry& registry,
                     Model& model) {
  const std::string& backend = open.backend.empty() ? told : open.backend;
  OlderFile out{former.keras1, backend == "theano"};
  const auto& layers = model.graph.layers;
  const bool flips =
      std::any_of(layers.begin(), layers.end(), [&](const Layer& one) { return has_flipped_kernels(one, registry); });
  if (!backend.empty() || !former.keras1 || !flips) return out;
  if (former.first)
    throw Error(Status::format,
                "the file does not say whether TensorFlow or Theano wrote it, which turns kernels around; give backend "
                "(--backend tensorflow or --backend theano)",
                {open.path, {}, {}});
  model.lossy.emplace_back("backend",
                           "the file does not say which wrote it; kernels are taken as TensorFlow's, as its order of "
                           "axes is; --backend theano turns them around");
  return out;
}

}  // namespace

Model read_keras_h5(const std::string& path, const std::string& backend, const Registry& registry, const Control& control) {
  base::Budget budget(control);
  OpenH5 open(path, budget);
  wire::Hdf5Reader& file = open.file;
  const std::string& version = open.version;
  Model out;
  out.path = path;
  out.kind = Kind::keras_h5;
  out.producer = "Keras " + version;
  Nesting nesting;
  Value config = open.config();
  const Former former = say_as_today(config, version, registry, budget.max_depth(), path);
  out.graph = read_model_dict(std::move(config), budget, registry, path, nesting);
  name_functions(out.graph, former.keras1 || version.starts_with("2."));
  const OlderFile older = older_file(open, former, backend, registry, out);
  read_weights(file, path, older, registry, nesting, out.graph);
  name_flattened(out, nesting);
  if (former.keras1) {
    if (open.trained()) out.lossy.emplace_back("training", "the optimizer and its state are Keras 1's, which is not read");
  } else {
    read_optimizer(file, out.graph);
    read_settings(open, out.graph);
  }
  bind_weights(out.graph, registry, path);
  return out;
}

}  // namespace keraft::formats
