#include "formats/keras/layout.h"

#include <algorithm>
#include <array>

#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

template <size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view cls) {
  return std::find(names.begin(), names.end(), cls) != names.end();
}

constexpr std::array<std::string_view, 6> in_cell{"LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"};
constexpr std::array<std::string_view, 3> elsewhere{"Bidirectional", "RNN", "SpectralNormalization"};

std::string default_dtype(const Layer& layer, const TensorType& output) {
  for (const Slot& slot : layer.slots) {
    if (is_floating(slot.value.dtype)) return std::string(name_of(slot.value.dtype));
  }
  return is_floating(output.dtype) ? std::string(name_of(output.dtype)) : "float32";
}

}  // namespace

std::vector<WeightPlace> weight_places(const Layer& layer, size_t count, const Registry& registry) {
  if (count > 0 && among(elsewhere, layer.cls)) {
    throw Error(Status::unsupported, "keraft does not know yet where Keras keeps the weights of " + layer.cls);
  }
  const auto specs = cards::slots_of(layer, registry);
  std::vector<WeightPlace> out;
  for (size_t i = 0; i < count; ++i) {
    WeightPlace place{{among(in_cell, layer.cls) ? "cell" : ""}, 0};
    if (i < specs.size() && !specs[i].groups.empty()) place.groups = specs[i].groups;
    for (const WeightPlace& other : out) place.index += other.groups == place.groups ? 1 : 0;
    out.push_back(std::move(place));
  }
  return out;
}

std::string group_class(const Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  return card && !card->group_name.empty() ? card->group_name : layer.cls;
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
  if (const LayerCard* card = registry.layer(layer.cls)) {
    for (const LayerCard::Field& field : card->fields) {
      if (field.always && field.fallback) out.try_emplace(field.name, *field.fallback);
    }
  }
  out.erase("trainable");
  const bool refuses_flag = layer.cls.starts_with("SpatialDropout") || layer.cls == "Discretization";
  if (!layer.trainable && !refuses_flag) out["trainable"] = false;
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

std::string keras3_only(const Layer& layer, const Registry& registry) {
  if (layer.how == "custom" && layer.config.contains("form")) return "its code uses keras.ops";
  const LayerCard* card = registry.layer(layer.cls);
  std::string why = card ? card->keras3_only(layer.config) : std::string();
  // A function inside the layer may keep it from Keras 2 too.
  for (const LayerCard* function : registry.layers()) {
    const auto entry = function->folds_field.empty() ? layer.config.end() : layer.config.find(function->folds_field);
    if (why.empty() && entry != layer.config.end()) why = function->keras3_only({{entry->first, entry->second}});
  }
  return why;
}

}  // namespace keraft::formats
