#include "transfer/target.h"

#include <algorithm>

#include "cards/wrapped.h"
#include "formats/keras/plan.h"
#include "transfer/names.h"

namespace keraft::transfer {
namespace {

void add_places(const Layer& layer, size_t index, const Path& path, const Registry& registry, Target& out) {
  const auto specs = cards::slots_of(layer, registry);
  for (size_t i = 0; i < layer.slots.size(); ++i) {
    const Slot& slot = layer.slots[i];
    SlotPlace place{index, i, path, slot.name, {""}, layer.cls, layer.cls, {}, slot.value.dtype, slot.value.dims};
    const auto spec = std::find_if(specs.begin(), specs.end(), [&](const auto& one) { return one.slot == slot.name; });
    if (spec != specs.end()) {
      if (spec->owner) place.cls = spec->owner->cls;
      place.own = spec->own;
      if (!spec->groups.empty()) place.parts = spec->groups;
      place.leaves.insert(spec->known_as.begin(), spec->known_as.end());
    }
    place.leaves.insert(place.own);
    for (const std::string_view one : other_spellings(place.own)) place.leaves.emplace(one);
    out.places.push_back(std::move(place));
  }
}

}  // namespace

std::string SlotPlace::name() const {
  Path all = path;
  if (!parts.front().empty()) all.push_back(parts.front());
  all.push_back(own);
  return joined(all);
}

bool names(std::string_view leaf, const SlotPlace& place) { return place.leaves.contains(public_name(leaf)); }

bool may_be(std::string_view leaf, const SlotPlace& place, const Target& target) {
  return is_nameless(leaf) || names(leaf, place) || !target.words.contains(public_name(leaf));
}

Target target_of(const Model& model, const formats::Nesting& nesting) {
  const Graph& graph = model.graph;
  Target out;
  out.path = model.path;
  for (const LayerCard* card : model.registry.layers()) {
    for (const LayerCard::WeightSpec& spec : card->weight_specs) {
      out.words.insert(spec.slot);
      out.words.insert(spec.known_as.begin(), spec.known_as.end());
      for (const std::string_view one : other_spellings(spec.slot)) out.words.emplace(one);
    }
  }
  for (size_t i = 0; i < graph.layers.size(); ++i) {
    const auto& names = nesting.paths;
    const Path path = i < names.size() ? Path(names[i].begin(), names[i].end()) : Path{graph.layers[i].name};
    add_places(graph.layers[i], i, path, model.registry, out);
  }
  std::vector<std::vector<size_t>> by_layer(graph.layers.size());
  for (size_t i = 0; i < out.places.size(); ++i) by_layer[out.places[i].layer].push_back(i);
  const auto append = [&](std::vector<size_t>& to, size_t layer) {
    to.insert(to.end(), by_layer[layer].begin(), by_layer[layer].end());
  };
  for (const size_t layer : formats::layers_in_order(nesting)) append(out.nested, layer);
  if (out.nested.size() != out.places.size()) out.nested.clear();

  const formats::Plan plan = formats::plan(graph);
  std::vector<size_t> order = plan.model_layers;
  if (plan.sequential) {
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  }
  for (const size_t index : order) {
    const int32_t layer = plan.entries[index].layer;
    if (layer >= 0) append(out.flat, static_cast<size_t>(layer));
  }
  if (out.flat.size() != out.places.size()) out.flat.clear();
  return out;
}

}  // namespace keraft::transfer
