#include "formats/keras/layout.h"

#include <algorithm>

#include "base/string.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

std::string default_dtype(const Layer& layer, const TensorType& output) {
  for (const Slot& slot : layer.slots) {
    if (is_floating(slot.value.dtype)) return std::string(name_of(slot.value.dtype));
  }
  return is_floating(output.dtype) ? std::string(name_of(output.dtype)) : "float32";
}

}  // namespace

std::vector<WeightPlace> weight_places(const Layer& layer, size_t count, const Registry& registry) {
  const auto specs = cards::slots_of(layer, registry);
  const LayerCard* card = registry.layer(layer.cls);
  std::vector<WeightPlace> out;
  for (size_t i = 0; i < count; ++i) {
    WeightPlace place{{""}, 0};
    if (i < specs.size() && !specs[i].groups.empty()) place.groups = specs[i].groups;
    if (card && card->repeats_part && place.groups.front().empty()) place.index = 1;
    for (const WeightPlace& other : out) place.index += other.groups == place.groups ? 1 : 0;
    out.push_back(std::move(place));
  }
  return out;
}

std::string group_class(const Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  return card && !card->group_name.empty() ? card->group_name : layer.cls.str();
}

std::vector<SlotName> slot_names(const Layer& layer, size_t count, const std::vector<std::string>& hints,
                                 const Registry& registry, const std::string& file) {
  std::vector<SlotName> out;
  if (registry.layer(layer.cls)) {
    for (const LayerCard::WeightSpec& spec : cards::slots_of(layer, registry)) out.push_back({spec.slot, spec.trainable});
    if (out.size() != count) {
      throw Error(Status::format,
                  "the file has " + std::to_string(count) + " weights for this " + layer.cls + ", which has " +
                      std::to_string(out.size()),
                  {file, {}, layer.name});
    }
    return out;
  }
  for (size_t i = 0; i < count; ++i) out.push_back({hints.size() == count ? hints[i] : std::to_string(i), true});
  return out;
}

Dict written_config(const Layer& layer, const TensorType& output, const Registry& registry) {
  Dict out = layer.config;
  out["name"] = layer.name;
  out.try_emplace("dtype", default_dtype(layer, output));
  const LayerCard* card = registry.layer(layer.cls);
  if (card) {
    for (const LayerCard::Field& field : card->fields) {
      if (field.always && field.fallback) out.try_emplace(field.name, *field.fallback);
    }
  }
  out.erase("trainable");
  if (!layer.trainable) out["trainable"] = false;
  for (const std::string& entry : card ? card->left_out : std::set<std::string>{}) out.erase(entry);
  return out;
}

bool is_trained(const Layer& layer, const Slot& slot, const Registry& registry) {
  const auto spec = cards::spec_of(layer, slot.name, registry);
  return !spec || spec->trainable;
}

bool spreads_inputs(const Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  return card && card->spreads_inputs;
}

namespace {

/// The first answer that a layer, its functions, or a layer that it holds gives to `ask`.
template <class Ask>
std::string first_answer(const Layer& layer, const Registry& registry, Ask ask, int depth = 0) {
  const LayerCard* card = registry.layer(layer.cls);
  std::string why = card ? ask(*card, layer.config) : std::string();
  // A function inside the layer may bind it to a line too.
  for (const auto& [key, value] : layer.config) {
    if (!why.empty() || !key.ends_with("activation")) continue;
    for (const LayerCard* function : registry.layers()) {
      if (why.empty() && !function->folds_field.empty()) why = ask(*function, {{function->folds_field, value}});
    }
  }
  if (!why.empty() || depth > 8) return why;
  for (const cards::Part& part : cards::parts(layer, registry)) {
    if (why.empty() && !part.borrowed) why = first_answer(part.layer, registry, ask, depth + 1);
  }
  return why;
}

}  // namespace

std::string keras3_only(const Layer& layer, const Registry& registry) {
  if (layer.how == "custom" && layer.config.contains("form")) return "its code uses keras.ops";
  return first_answer(layer, registry, [](const LayerCard& card, const Dict& config) { return card.keras3_only(config); });
}

std::string keras2_only(const Layer& layer, const Registry& registry) {
  return first_answer(layer, registry, [](const LayerCard& card, const Dict& config) { return card.keras2_only(config); });
}

std::string since(const Layer& layer, const Registry& registry) {
  std::string latest;
  first_answer(layer, registry, [&](const LayerCard& card, const Dict& config) {
    if (older(latest, card.since)) latest = card.since;
    for (const auto& [field, version] : card.newer_fields) {
      if (!card.value(config, field).null() && older(latest, version)) latest = version;
    }
    return std::string();
  });
  return latest;
}

bool has_two_forms(const Node& call, const Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  return card && !card->list_argument.empty() && call.inputs.size() > 1;
}

bool older(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a.empty() && !b.empty();
  const auto x = base::split(a, '.'), y = base::split(b, '.');
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const std::pair mine(x[i].size(), x[i]), other(y[i].size(), y[i]);  // numbers without leading zeros
    if (mine != other) return mine < other;
  }
  return x.size() < y.size();
}

}  // namespace keraft::formats
