// Weights for a layer of which only the config and the sizes of its input are known.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cards/layer_card.h"
#include "cards/wrapped.h"

namespace keraft::conformance {

/// Sizes of a slot of any rank: those of the axes, or of the whole input behind the batch with 1 on shared axes.
inline std::vector<int64_t> any_sizes(const LayerCard& card, const Dict& config, const std::vector<int64_t>& input) {
  std::vector<int64_t> out(input.begin() + 1, input.end());
  if (!card.field("axis")) {
    for (const int64_t axis : card.value(config, "shared_axes").as_ints().value_or(std::vector<int64_t>{}))
      out[static_cast<size_t>(axis - 1)] = 1;
    return out;
  }
  out.clear();
  const Value& axis = card.value(config, "axis");
  for (const int64_t one : axis.as_ints().value_or(std::vector<int64_t>{axis.get<int64_t>() ? *axis.get<int64_t>() : 0}))
    out.push_back(input[static_cast<size_t>(one < 0 ? one + static_cast<int64_t>(input.size()) : one)]);
  return out;
}

/// Sizes of a slot's axes: config entries, numbers, or free names taken from `free`.
inline std::vector<int64_t> slot_sizes(const cards::OwnedSpec& spec, std::map<std::string, int64_t>& free) {
  const LayerCard& card = *Registry::builtin().layer(spec.owner->cls);
  const Dict& config = spec.owner->config;
  std::vector<int64_t> out;
  for (const std::string& name : spec.dims) {
    const size_t dot = name.find('.');
    const Value& entry = card.value(config, name.substr(0, dot));
    if (name.find_first_not_of("0123456789") == std::string::npos)
      out.push_back(std::stoll(name));
    else if (dot != std::string::npos)
      out.push_back(entry.as_ints()->at(std::stoul(name.substr(dot + 1))));
    else if (entry.get<int64_t>())
      out.push_back(*entry.get<int64_t>());
    else
      out.push_back(free.at(name));
  }
  return out;
}

/// The entries that are written even when they have their default.
inline void complete(Layer& layer, const LayerCard& card) {
  for (const auto& field : card.fields) {
    if (field.always && field.fallback) layer.config.try_emplace(field.name, *field.fallback);
  }
}

/// `input`: sizes of the layer's first input, batch first; `sizes`: of slots whose sizes the config does not tell; `fill` makes
/// the values of a slot.
inline void give_weights(Graph& graph, Layer& layer, const std::vector<int64_t>& input,
                         const std::map<std::string, std::vector<int64_t>>& sizes,
                         const std::function<Tensor(const std::string& slot, std::vector<int64_t> dims)>& fill) {
  const LayerCard& card = *Registry::builtin().layer(layer.cls);
  const Value& axis = card.value(layer.config, "axis");
  const bool inner = axis.get<int64_t>() && *axis.get<int64_t>() > 0;
  const int64_t channels = inner ? input.at(static_cast<size_t>(*axis.get<int64_t>())) : input.back();
  const Value &groups = card.value(layer.config, "groups"), &multiplier = card.value(layer.config, "depth_multiplier");
  std::map<std::string, int64_t> free{{"in", channels / (groups.get<int64_t>() ? *groups.get<int64_t>() : 1)},
                                      {"channels", channels}};
  free["out"] = free["inner"] = channels * (multiplier.get<int64_t>() ? *multiplier.get<int64_t>() : 1);
  for (const cards::OwnedSpec& spec : cards::slots_of(layer, Registry::builtin())) {
    Weight weight;
    weight.name = layer.name + "/" + spec.slot;
    const auto given = sizes.find(spec.slot);
    weight.value = fill(spec.slot, given != sizes.end() ? given->second
                                   : spec.any_shape()   ? any_sizes(card, layer.config, input)
                                                        : slot_sizes(spec, free));
    weight.variable = true;
    layer.slots.push_back({spec.slot, static_cast<int32_t>(graph.weights.size()), weight.value});
    graph.weights.push_back(std::move(weight));
  }
}

}  // namespace keraft::conformance
