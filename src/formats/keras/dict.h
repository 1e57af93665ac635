// Looking into dicts from files: what is missing or of another kind is Status::format with a name in it.
#pragma once

#include <string>
#include <string_view>

#include "base/string.h"
#include "keraft/error.hpp"
#include "keraft/value.hpp"

namespace keraft::formats {

/// The entry, or null when absent.
inline const Value* entry(const Dict& dict, std::string_view key) {
  const auto at = dict.find(key);
  return at == dict.end() ? nullptr : &at->second;
}

/// None, False, [] or {}: what an entry says that asks for nothing.
inline bool nothing(const Value& value) {
  const List* list = value.get<List>();
  const Dict* dict = value.get<Dict>();
  return value.null() || value == Value(false) || (list && list->empty()) || (dict && dict->empty());
}

template <class T>
const T& wanted(const Dict& dict, std::string_view key, const Place& place) {
  const Value* value = entry(dict, key);
  const T* typed = value ? value->get<T>() : nullptr;
  if (!typed) {
    throw Error(Status::format,
                "\"" + std::string(key) + (value ? "\" in the config is of another kind" : "\" is missing in the config"),
                place);
  }
  return *typed;
}

template <class T>
const T& as(const Value& value, const char* what, const Place& place) {
  const T* typed = value.get<T>();
  if (!typed) throw Error(Status::format, std::string(what) + " in the config is of another kind", place);
  return *typed;
}

/// The dict under a key; null when it is absent or of another kind.
inline const Dict* dict_in(const Dict& dict, std::string_view key) {
  const Value* value = entry(dict, key);
  return value ? value->get<Dict>() : nullptr;
}

/// The list under a key; null when it is absent or of another kind.
inline const List* list_in(const Dict& dict, std::string_view key) {
  const Value* value = entry(dict, key);
  return value ? value->get<List>() : nullptr;
}

/// The text of an entry; empty when it is absent, null or of another kind.
inline std::string text_or_empty(const Dict& dict, std::string_view key) {
  const Value* value = entry(dict, key);
  const std::string* text = value ? value->get<std::string>() : nullptr;
  return text ? *text : std::string();
}

/// Is the class of an entry that of a model, whose config holds layers?
inline bool is_model(std::string_view cls) { return cls == "Sequential" || cls == "Functional" || cls == "Model"; }

/// The layers of a model's entry, to be changed; null when there are none. Sequential models of before Keras 2.2.3 have them as
/// their config.
inline List* layers_of(Value& model) {
  Dict* dict = model.edit<Dict>();
  Value* config = dict ? dict->edit("config") : nullptr;
  if (!config) return nullptr;
  Dict* entries = config->edit<Dict>();
  Value* layers = entries ? entries->edit("layers") : config;
  return layers ? layers->edit<List>() : nullptr;
}

}  // namespace keraft::formats
