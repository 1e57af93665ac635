#include "formats/keras_v3/open.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "formats/keras/dict.h"
#include "formats/keras/keras.h"
#include "formats/keras/layout.h"
#include "formats/keras/line_names.h"
#include "formats/keras/names.h"
#include "formats/keras/read_config.h"
#include "keraft/error.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {
namespace {

/// The datasets of a `vars` group are called 0, 1, …; how many there are.
size_t count_variables(wire::Hdf5Reader& tree, const std::string& group, const std::string& path) {
  const auto names = tree.children(group);
  std::vector<bool> there(names.size(), false);
  for (const std::string& name : names) {
    size_t number = names.size();
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool plain = error == std::errc() && end == name.data() + name.size() && std::to_string(number) == name;
    if (!plain || number >= names.size())
      throw Error(Status::format, "the variables are not numbered 0, 1, …", {path, {}, group});
    there[number] = true;
  }
  return names.size();
}

/// `places_found`: where each slot was found; may be null.
void read_layer(wire::Hdf5Reader& tree, const std::string& group, const std::string& path, const Registry& registry,
                Layer& layer, std::vector<std::string>* places_found) {
  const auto spelled = [&](const WeightPlace& place) {
    size_t spelling = 0;
    while (spelling + 1 < place.groups.size() && !tree.has(group + "/" + place.groups[spelling])) ++spelling;
    return group + "/" + place.path(spelling);
  };
  const auto folder = [](const std::string& dataset) { return dataset.substr(0, dataset.rfind('/')); };
  // Tables and states of random generators are no weights.
  const LayerCard* card = registry.layer(layer.cls);
  if (card && !card->lowers() && cards::slots_of(layer, registry).empty()) return;
  // A layer with sub-layers knows how many weights it has; others have as many as there are.
  const size_t known = std::max<size_t>(1, cards::slots_of(layer, registry).size());
  std::set<std::string> folders;
  for (const WeightPlace& place : weight_places(layer, known, registry)) folders.insert(folder(spelled(place)));
  size_t count = 0;
  for (const std::string& one : folders) count += count_variables(tree, one, path);
  if (card && card->repeats_part && count > 0) --count;
  const auto names = slot_names(layer, count, {}, registry, path);
  const auto places = weight_places(layer, count, registry);
  for (size_t i = 0; i < count; ++i) {
    layer.slots.push_back({names[i].name, -1, tree.tensor(spelled(places[i]))});
    if (places_found) places_found->push_back(spelled(places[i]));
  }
}

struct LayerIn {
  Layer* layer;
  std::vector<std::string>* places;
};

/// Keras 2.12 to 2.14: groups are numbered with gaps, but in order; the k-th with variables belongs to the k-th layer of its
/// class with variables.
void read_old_tree(wire::Hdf5Reader& tree, const std::string& path, const Registry& registry, const Nesting& nesting,
                   const std::map<LayerPath, LayerIn>& layers) {
  const std::string root = "/_layer_checkpoint_dependencies";
  const auto groups = tree.children(root);
  std::map<std::string, size_t> next;
  for (const Nesting::Child& child : nesting.children.at({})) {
    if (child.is_model)
      throw Error(Status::unsupported, "a model inside a model, of Keras 2.12 to 2.14", {path, {}, child.name});
    const auto layer = layers.find({child.name});
    if (layer == layers.end()) continue;
    const std::string base = snake_case_keras2(layer->second.layer->cls);
    for (size_t& number = next[base]; number <= 2 * groups.size();) {
      const std::string group = root + "/" + (number == 0 ? base : base + "_" + std::to_string(number));
      ++number;
      if (!tree.has(group)) continue;
      read_layer(tree, group, path, registry, *layer->second.layer, layer->second.places);
      break;
    }
  }
}

/// Groups are named after classes and numbered in Keras' order, in each model anew.
void read_model(wire::Hdf5Reader& tree, const std::string& root, const std::string& path, const Registry& registry,
                const Nesting& nesting, const std::map<LayerPath, LayerIn>& layers, const LayerPath& model) {
  Numbered numbered, numbered_keras2;
  for (const Nesting::Child& child : nesting.children.at(model)) {
    LayerPath inside = model;
    inside.push_back(child.name);
    const auto layer = layers.find(inside);
    if (!child.is_model && layer == layers.end()) continue;
    const std::string cls = !child.is_model             ? group_class(*layer->second.layer, registry)
                            : child.cls == "Sequential" ? child.cls.str()
                                                        : "Functional";
    std::string group = root + "/layers/" + numbered.next(cards::snake_case(cls));
    const std::string keras2_group = root + "/layers/" + numbered_keras2.next(cards::snake_case_keras2(cls));
    if (!tree.has(group)) group = keras2_group;
    if (!tree.has(group)) continue;
    if (child.is_model)
      read_model(tree, group, path, registry, nesting, layers, inside);
    else
      read_layer(tree, group, path, registry, *layer->second.layer, layer->second.places);
  }
}

/// A state that cannot be read is none: the model is whole without it.
void read_optimizer(wire::Hdf5Reader& tree, const std::string& path, Graph& graph) {
  const std::string group = "/optimizer/vars";
  if (!tree.has(group)) return;
  Training found;
  try {
    const size_t count = count_variables(tree, group, path);
    for (size_t i = 0; i < count; ++i) found.stored.push_back(tree.tensor(group + "/" + std::to_string(i)));
  } catch (const Error& error) {
    if (error.status() != Status::format && error.status() != Status::unsupported) throw;
    return;
  }
  graph.training = std::move(found);
}

}  // namespace

void read_weight_tree(wire::Hdf5Reader& tree, const std::string& path, const Registry& registry, Graph& graph,
                      const Nesting& nesting, std::vector<std::vector<std::string>>* places) {
  std::map<LayerPath, LayerIn> layers;
  if (places) places->resize(graph.layers.size());
  for (size_t i = 0; i < graph.layers.size(); ++i)
    layers.emplace(nesting.paths.at(i), LayerIn{&graph.layers[i], places ? &(*places)[i] : nullptr});
  if (!tree.has("/layers") && tree.has("/_layer_checkpoint_dependencies"))
    return read_old_tree(tree, path, registry, nesting, layers);
  read_model(tree, "", path, registry, nesting, layers, {});
}

Model read_archive(const std::string& path, const Registry& registry, const Control& control, Checksums checksums) {
  base::Budget budget(control);
  OpenArchive file(path, budget, checksums);
  wire::Hdf5Reader& tree = file.tree;
  Model out;
  out.path = path;
  out.kind = Kind::keras_v3;
  out.producer = file.producer;
  Nesting nesting;
  Value config = file.config();
  const Dict* whole = config.get<Dict>();
  const Value* compiled = whole ? entry(*whole, "compile_config") : nullptr;
  const Value settings = compiled ? *compiled : Value();
  out.graph = read_model_dict(std::move(config), budget, registry, path, nesting);
  name_functions(out.graph, out.producer.starts_with("Keras 2."));
  read_weight_tree(tree, path, registry, out.graph, nesting);
  name_flattened(out, nesting);
  read_optimizer(tree, path, out.graph);
  if (const Dict* kept = settings.get<Dict>()) {
    if (!out.graph.training) out.graph.training.emplace();
    out.graph.training->settings = *kept;
  }
  bind_weights(out.graph, registry, path);
  return out;
}

Model read_keras_v3(const std::string& path, const Registry& registry, const Control& control) {
  return read_archive(path, registry, control, Checksums::verified);
}

}  // namespace keraft::formats
