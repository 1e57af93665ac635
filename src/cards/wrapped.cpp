#include "cards/wrapped.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/string.h"
#include "cards/class_names.h"

namespace keraft::cards {
namespace {

constexpr int most_nested = 6;

LayerCard::WeightSpec inside(LayerCard::WeightSpec spec, const std::string& group, const std::string& prefix) {
  if (spec.groups.empty()) spec.groups = {""};
  for (std::string& one : spec.groups) one = one.empty() || group.empty() ? group + one : group + "/" + one;
  if (group.empty() && spec.groups.front().empty()) spec.groups.clear();
  spec.slot = prefix + spec.slot;
  return spec;
}

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t out = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc() && end.ptr == text.data() + text.size() && !text.empty() ? std::optional(out) : std::nullopt;
}

/// Is a size what WeightSpec::dims says? `free`: what free names stand for.
bool is_size(const LayerCard& card, const Dict& config, const std::string& name, int64_t size,
             std::map<std::string, int64_t>& free) {
  if (const auto wanted = whole_number(name)) return *wanted == size;
  const size_t dot = name.find('.');
  const Value& entry = card.value(config, name.substr(0, dot));
  if (entry.null()) return free.try_emplace(name, size).first->second == size;  // no field, or one that follows from others
  if (const auto* whole = entry.get<int64_t>()) return *whole == size;
  const auto list = entry.as_ints();
  const auto index = dot == std::string::npos ? std::nullopt : whole_number(std::string_view(name).substr(dot + 1));
  return list && index && static_cast<size_t>(*index) < list->size() && (*list)[static_cast<size_t>(*index)] == size;
}

std::string joined(const std::string& group, const std::string& below) { return group.empty() ? below : group + "/" + below; }

/// Calls visit(card, layer, group, prefix) for the layer and all that it holds.
template <class Visit>
void for_all(const std::shared_ptr<const Layer>& layer, const Registry& registry, const std::string& group,
             const std::string& prefix, int depth, Visit& visit) {
  const LayerCard* card = registry.layer(layer->cls);
  if (!card || depth > most_nested) return;
  visit(*card, layer, group, prefix);
  for (Part& part : parts(*layer, registry)) {
    for_all(std::make_shared<const Layer>(std::move(part.layer)), registry, joined(group, part.group), prefix + part.prefix,
            depth + 1, visit);
  }
}

std::string no_ops(const Layer& layer, const Registry& registry, int depth) {
  const LayerCard* card = registry.layer(layer.cls);
  if (!card) return "no card for the layer " + base::escaped(layer.cls);
  if (!card->lowers()) return "no ops are known for the layer " + base::escaped(layer.cls);
  for (const Part& part : parts(layer, registry)) {
    const std::string why = depth < most_nested ? no_ops(part.layer, registry, depth + 1) : "layers nested too deep";
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace

std::optional<Layer> layer_of(const Value& value) {
  const Dict* dict = value.get<Dict>();
  const auto cls = dict ? dict->find("class_name") : Dict::const_iterator();
  const auto config = dict ? dict->find("config") : Dict::const_iterator();
  if (!dict || cls == dict->end() || config == dict->end()) return std::nullopt;
  const std::string* name = cls->second.get<std::string>();
  const Dict* entries = config->second.get<Dict>();
  if (!name || !entries) return std::nullopt;
  Layer out;
  out.cls = name->substr(name->find('>') + 1);
  out.config = *entries;
  const auto registered = dict->find("registered_name");
  const std::string* known_as = registered == dict->end() ? nullptr : registered->second.get<std::string>();
  for (const std::string* spelled : {known_as, name}) {
    if (spelled && spelled->find('>') != std::string::npos && out.registered.empty()) out.registered = *spelled;
  }
  for (const char* key : {"name", "trainable", "dtype", "batch_input_shape"}) out.config.erase(key);
  return out;
}

std::vector<Part> parts(const Layer& layer, const Registry& registry) {
  std::vector<Part> out;
  const LayerCard* card = registry.layer(layer.cls);
  for (const LayerCard::Part& part : card ? card->parts : std::vector<LayerCard::Part>{}) {
    const Value* value = &card->value(layer.config, part.field);
    const bool borrowed = value->null() && !part.otherwise.empty();
    if (borrowed) value = &card->value(layer.config, part.otherwise);
    const List* list = value->get<List>();
    if (!list) {
      if (auto inner = layer_of(*value)) out.push_back({part.field, 0, part.group, part.prefix, std::move(*inner), borrowed});
      continue;
    }
    std::map<std::string, int> numbers;
    for (size_t i = 0; i < list->size(); ++i) {
      auto inner = layer_of((*list)[i]);
      if (!inner) continue;
      const std::string name = snake_case(inner->cls);
      const int number = numbers[name]++;
      out.push_back({part.field, i, part.group + "/" + name + (number ? "_" + std::to_string(number) : ""),
                     part.prefix + part.field + "_" + std::to_string(i) + "_", std::move(*inner), borrowed});
    }
  }
  return out;
}

std::string no_ops(const Layer& layer, const Registry& registry) { return no_ops(layer, registry, 0); }

Fidelity fidelity_of(const Layer& layer, const Registry& registry) {
  Fidelity out = registry.layer(layer.cls) ? Fidelity::exact : Fidelity::approximate;
  auto visit = [&](const LayerCard& card, const std::shared_ptr<const Layer>&, const std::string&, const std::string&) {
    out = std::max(out, card.how);
  };
  for_all(std::make_shared<const Layer>(layer), registry, {}, {}, 0, visit);
  return out;
}

Edge call_wrapped(LowerContext& context, Edge x) {
  auto* wrapper = dynamic_cast<WrapperContext*>(&context);
  if (!wrapper || wrapper->parts() == 0) context.fail("its config holds no layer");
  for (size_t i = 0; i < wrapper->parts(); ++i) x = wrapper->call_part(i, x);
  return x;
}

std::vector<OwnedSpec> slots_of(const Layer& layer, const Registry& registry) {
  std::vector<OwnedSpec> out;
  auto visit = [&](const LayerCard& card, const std::shared_ptr<const Layer>& owner, const std::string& group,
                   const std::string& prefix) {
    for (const LayerCard::WeightSpec* spec : card.slots(owner->config)) {
      OwnedSpec one{inside(*spec, group, prefix), owner, spec->slot};
      out.push_back(std::move(one));
    }
  };
  for_all(std::make_shared<const Layer>(layer), registry, {}, {}, 0, visit);
  std::stable_partition(out.begin(), out.end(), [](const OwnedSpec& spec) { return spec.trainable; });
  return out;
}

const Slot* misfit(const Layer& layer, const std::vector<OwnedSpec>& specs, const Registry& registry) {
  std::map<const Layer*, std::map<std::string, int64_t>> free;
  for (size_t i = 0; i < std::min(specs.size(), layer.slots.size()); ++i) {
    if (specs[i].any_shape()) continue;
    const auto& dims = layer.slots[i].value.dims;
    const Layer& owner = *specs[i].owner;
    bool fits = dims.size() == specs[i].dims.size();
    for (size_t axis = 0; fits && axis < dims.size(); ++axis)
      fits = is_size(*registry.layer(owner.cls), owner.config, specs[i].dims[axis], dims[axis], free[&owner]);
    if (!fits) return &layer.slots[i];
  }
  return nullptr;
}

std::optional<LayerCard::WeightSpec> spec_of(const Layer& layer, std::string_view slot, const Registry& registry) {
  std::optional<LayerCard::WeightSpec> out;
  auto visit = [&](const LayerCard& card, const std::shared_ptr<const Layer>&, const std::string& group,
                   const std::string& prefix) {
    if (out || !slot.starts_with(prefix)) return;
    if (const LayerCard::WeightSpec* spec = card.spec(slot.substr(prefix.size()))) out = inside(*spec, group, prefix);
  };
  for_all(std::make_shared<const Layer>(layer), registry, {}, {}, 0, visit);
  return out;
}

}  // namespace keraft::cards
