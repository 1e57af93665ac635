#include <algorithm>
#include <set>

#include "transfer/names.h"
#include "transfer/read.h"

namespace keraft::transfer {

namespace {

void drop(const std::set<size_t>& dropped, Source& source) {
  std::vector<size_t> moved_to;
  std::vector<Stored> kept;
  for (size_t i = 0; i < source.weights.size(); ++i) {
    moved_to.push_back(kept.size());
    if (!dropped.contains(i)) kept.push_back(std::move(source.weights[i]));
  }
  source.weights = std::move(kept);
  for (auto* order : {&source.nested, &source.flat}) {
    std::erase_if(*order, [&](size_t index) { return dropped.contains(index); });
    for (size_t& index : *order) index = moved_to[index];
  }
}

}  // namespace

Source source_of_layers(const Model& model, const formats::Nesting* nesting) {
  const Target layers = target_of(model, nesting ? *nesting : formats::Nesting());
  Source out;
  out.path = model.path;
  out.kind = name_of(model.kind);
  out.producer = model.producer;
  std::set<std::pair<int32_t, std::string>> seen;
  std::set<size_t> again;
  for (const SlotPlace& place : layers.places) {
    const Layer& layer = model.graph.layers[place.layer];
    const Slot& slot = layer.slots[place.slot];
    Stored one{layer.name + "/" + slot.name, {path_of(place.name())}, std::to_string(place.layer), slot.value};
    if (!nesting && slot.weight >= 0) {
      // Calls of one layer that are not known to be one have its variables each.
      if (!seen.emplace(model.graph.root(slot.weight), slot.name).second) again.insert(out.weights.size());
      one.key = model.graph.weights[static_cast<size_t>(model.graph.root(slot.weight))].name;
      one.paths.insert(one.paths.begin(), path_of(one.key));
    }
    out.weights.push_back(std::move(one));
  }
  if (nesting) out.nested = layers.nested;
  out.flat = layers.flat;
  drop(again, out);
  if (model.graph.training) out.state = static_cast<int64_t>(model.graph.training->stored.size());
  return out;
}

Source source_of_variables(const Model& model) {
  Source out;
  out.path = model.path;
  out.kind = name_of(model.kind);
  out.producer = model.producer;
  for (const Weight& weight : model.graph.weights) {
    if (weight.view_of < 0 && weight.variable) out.weights.push_back({weight.name, {path_of(weight.name)}, {}, weight.value});
  }
  return out;
}

}  // namespace keraft::transfer
