#include "formats/keras/tidy_config.h"

#include "cards/layer_card.h"
#include "formats/keras/dict.h"

namespace keraft::formats {
namespace {

/// A layer, or a list of layers, that a layer holds.
Value tidied(const Value& value, const Registry& registry, int depth) {
  if (const List* list = value.get<List>()) {
    List out;
    for (const Value& one : *list) out.push_back(tidied(one, registry, depth));
    return out;
  }
  const Dict* dict = value.get<Dict>();
  const Value* config = dict ? entry(*dict, "config") : nullptr;
  if (!config || !config->get<Dict>()) return value;
  Dict out = *dict, entries = *config->get<Dict>();
  for (const char* key : {"build_config", "shared_object_id"}) out.erase(key);
  entries.erase("batch_input_shape");
  const std::string cls = text_or_empty(out, "class_name");
  tidy_config(cls.substr(cls.find('>') + 1), entries, registry, depth);
  out["config"] = std::move(entries);
  return out;
}

}  // namespace

void tidy_config(const std::string& cls, Dict& config, const Registry& registry, int depth) {
  const LayerCard* card = registry.layer(cls);
  for (const LayerCard::Field& field : card ? card->fields : std::vector<LayerCard::Field>{}) {
    if (const auto other = field.also.empty() ? config.end() : config.find(field.also); other != config.end()) {
      config.try_emplace(field.name, other->second);
      config.erase(other);
    }
  }
  for (const LayerCard::Part& part : card&& depth > 0 ? card->parts : std::vector<LayerCard::Part>{}) {
    if (Value* held = config.edit(part.field)) *held = tidied(*held, registry, depth - 1);
  }
  if (Value* at = config.edit("dtype")) {
    const Dict* policy = at->get<Dict>();
    const Value* inner = policy ? entry(*policy, "config") : nullptr;
    const Dict* inner_dict = inner ? inner->get<Dict>() : nullptr;
    const std::string name = inner_dict ? text_or_empty(*inner_dict, "name") : std::string();
    if (!name.empty()) *at = name;
  }
  for (auto& [key, value] : config.edit()) {
    // Numbers of NumPy, which Keras 2.12 and 2.13 write so.
    const Dict* numpy = value.get<Dict>();
    if (numpy && text_or_empty(*numpy, "class_name") == "__numpy__") {
      const Dict* words = dict_in(*numpy, "config");
      if (const Value* number = words ? entry(*words, "value") : nullptr) value = Value(*number);
    }
    const LayerCard::Field* field = card ? card->field(key) : nullptr;
    const List* list = value.get<List>();
    if (!field || !field->single || !list || list->size() != 1) continue;
    Value only = list->front();
    value = std::move(only);
  }
}

}  // namespace keraft::formats
