#include "emit/arguments.h"

#include <algorithm>
#include <set>

#include "cards/layer_card.h"

namespace keraft::emit {
namespace {

/// Where Keras keeps what an entry like this holds.
const char* module_of(const std::string& key) {
  if (key.ends_with("regularizer")) return "keras.regularizers.";
  if (key.ends_with("initializer")) return "keras.initializers.";
  if (key.ends_with("constraint")) return "keras.constraints.";
  if (key == "learning_rate") return "keras.optimizers.schedules.";
  return nullptr;
}

/// A layer, regularizer or the like inside a config.
Expr object(const Dict& dict, const std::string& key, const Registry& registry) {
  const auto cls = dict.find("class_name"), config = dict.find("config");
  const std::string* name = cls == dict.end() ? nullptr : cls->second.get<std::string>();
  const Dict* entries = config == dict.end() ? nullptr : config->second.get<Dict>();
  if (name && entries) {
    const char* module = module_of(key);
    auto items = argument_list(*name, *entries, registry);
    if (const auto own = entries->find("name"); !module && own != entries->end())
      items.push_back(keyword("name", text_of(own->second, "name", registry)));
    return call_of((module ? module : "layers.") + *name, std::move(items));
  }
  Expr out{{}, "{", {}, "}"};
  for (const auto& [inner, value] : dict) {
    Expr one = text_of(value, inner, registry);
    one.text = quoted(inner) + ": " + one.text;
    out.items.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Expr keyword(const std::string& key, Expr value) {
  value.text = key + "=" + value.text;
  return value;
}

Expr call_of(const std::string& function, std::vector<Expr> items) { return {function, "(", std::move(items), ")"}; }

std::vector<Given> arguments(const std::string& cls, const Dict& config, const Registry& registry) {
  std::vector<Given> out;
  const LayerCard* card = registry.layer(cls);
  const size_t fields = card ? card->fields.size() : 0;
  std::set<std::string> said{"name", "form"};
  const auto give = [&](const std::string& key, const Value& value, size_t field, bool positional) {
    out.push_back({key, text_of(value, key, registry), field, positional, value.get<int64_t>() != nullptr});
  };
  bool in_front = true;
  for (size_t i = 0; i < fields; ++i) {
    const LayerCard::Field& field = card->fields[i];
    const auto entry = config.find(field.name);
    in_front = in_front && !field.fallback;
    said.insert(field.name);
    if (entry == config.end() || (field.fallback && card->holds(config, {{field.name, *field.fallback}}))) continue;
    give(field.name, entry->second, i, in_front);
  }
  for (const auto& [key, value] : config) {
    if (!said.contains(key) && (key != "dtype" || value != Value("float32"))) give(key, value, fields, false);
  }
  return out;
}

std::vector<Expr> argument_list(const std::string& cls, const Dict& config, const Registry& registry) {
  std::vector<Expr> out;
  for (Given& one : arguments(cls, config, registry))
    out.push_back(one.positional ? std::move(one.value) : keyword(one.key, std::move(one.value)));
  return out;
}

Expr text_of(const Value& value, const std::string& key, const Registry& registry) {
  if (value.null()) return plain("None");
  if (const bool* flag = value.get<bool>()) return plain(*flag ? "True" : "False");
  if (const std::string* text = value.get<std::string>()) return plain(quoted(*text));
  if (const DType* dtype = value.get<DType>()) return plain(quoted(std::string(name_of(*dtype))));
  if (const Dict* dict = value.get<Dict>()) return object(*dict, key, registry);
  if (const List* list = value.get<List>()) {
    const bool numbers =
        std::all_of(list->begin(), list->end(), [](const Value& one) { return one.number() || one.null() || one.get<List>(); });
    Expr out{{}, numbers ? "(" : "[", {}, numbers ? ")" : "]"};
    for (const Value& one : *list) out.items.push_back(text_of(one, key, registry));
    if (numbers && out.items.size() == 1) out.close = ",)";
    return out;
  }
  return plain(number_text(value));
}

}  // namespace keraft::emit
