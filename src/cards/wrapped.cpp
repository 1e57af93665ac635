#include "cards/wrapped.h"

namespace keraft::cards {
namespace {

constexpr int most_nested = 16;

LayerCard::WeightSpec inside(LayerCard::WeightSpec spec, const std::vector<std::string>& entries) {
  if (entries.empty()) return spec;
  std::string path;
  for (const std::string& entry : entries) path += (path.empty() ? "" : "/") + entry;
  if (spec.groups.empty()) spec.groups = {""};
  for (std::string& group : spec.groups) group = group.empty() ? path : path + "/" + group;
  return spec;
}

}  // namespace

std::optional<Wrapped> wrapped(const Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  for (const LayerCard::Field& field : card ? card->fields : std::vector<LayerCard::Field>{}) {
    const Dict* dict = field.fallback ? nullptr : card->value(layer.config, field.name).get<Dict>();
    const auto cls = dict ? dict->find("class_name") : Dict::const_iterator();
    const auto config = dict ? dict->find("config") : Dict::const_iterator();
    if (!dict || cls == dict->end() || config == dict->end()) continue;
    const std::string* name = cls->second.get<std::string>();
    const Dict* entries = config->second.get<Dict>();
    if (!name || !entries) continue;
    Wrapped out{field.name, {}};
    out.layer.cls = name->substr(name->find('>') + 1);
    out.layer.config = *entries;
    for (const char* key : {"name", "trainable", "dtype", "batch_input_shape"}) out.layer.config.erase(key);
    return out;
  }
  return std::nullopt;
}

std::pair<Layer, std::vector<std::string>> innermost(const Layer& layer, const Registry& registry) {
  std::pair<Layer, std::vector<std::string>> out{layer, {}};
  for (int depth = 0; depth < most_nested; ++depth) {
    auto inner = wrapped(out.first, registry);
    if (!inner) break;
    out.second.push_back(std::move(inner->entry));
    out.first = std::move(inner->layer);
  }
  return out;
}

Edge call_wrapped(LowerContext& context, Edge x) {
  auto* wrapper = dynamic_cast<WrapperContext*>(&context);
  if (!wrapper) context.fail("no layer can be called here");
  return wrapper->call_wrapped(x);
}

std::vector<LayerCard::WeightSpec> slots_of(const Layer& layer, const Registry& registry) {
  const auto [owner, entries] = innermost(layer, registry);
  std::vector<LayerCard::WeightSpec> out;
  if (const LayerCard* card = registry.layer(owner.cls)) {
    for (const LayerCard::WeightSpec* spec : card->slots(owner.config)) out.push_back(inside(*spec, entries));
  }
  return out;
}

std::optional<LayerCard::WeightSpec> spec_of(const Layer& layer, std::string_view slot, const Registry& registry) {
  const auto [owner, entries] = innermost(layer, registry);
  const LayerCard* card = registry.layer(owner.cls);
  const LayerCard::WeightSpec* spec = card ? card->spec(slot) : nullptr;
  return spec ? std::optional(inside(*spec, entries)) : std::nullopt;
}

}  // namespace keraft::cards
