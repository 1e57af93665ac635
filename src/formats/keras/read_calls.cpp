#include "formats/keras/read_calls.h"

#include <algorithm>

#include "formats/keras/dict.h"

namespace keraft::formats {

bool is_reference(const Value& value) {
  const List* list = value.get<List>();
  return list && list->size() >= 3 && (*list)[0].get<std::string>() && (*list)[1].get<int64_t>() && (*list)[2].get<int64_t>();
}

Reference to_reference(const Value& value) {
  const List& list = *value.get<List>();
  return {*list[0].get<std::string>(), *list[1].get<int64_t>(), *list[2].get<int64_t>()};
}

namespace {

/// The reference of {"class_name": "__keras_tensor__", …}, or null.
const Value* keras3_tensor(const Value& value, const Place& place) {
  const Dict* dict = value.get<Dict>();
  if (!dict || text_or_empty(*dict, "class_name") != "__keras_tensor__") return nullptr;
  const Dict& config = wanted<Dict>(*dict, "config", place);
  const Value* history = entry(config, "keras_history");
  if (!history || !is_reference(*history)) throw Error(Status::format, "a tensor without keras_history", place);
  return history;
}

[[noreturn]] void unsupported(const std::string& argument, const Place& place) {
  throw Error(Status::unsupported, "the call argument " + base::escaped(argument) + " cannot be read yet", place);
}

bool holds_tensor(const Value& value, const Place& place) {
  if (is_reference(value) || keras3_tensor(value, place)) return true;
  if (const List* list = value.get<List>()) {
    for (const Value& element : *list) {
      if (holds_tensor(element, place)) return true;
    }
  }
  return false;
}

void positional(const Value& value, const Place& place, ParsedCall& out) {
  if (const Value* tensor = keras3_tensor(value, place)) {
    out.tensors.push_back(to_reference(*tensor));
  } else if (const List* list = value.get<List>()) {
    for (const Value& element : *list) positional(element, place, out);
  } else if (!value.null()) {
    unsupported(value.text(), place);
  }
}

/// A tensor or a list of tensors of either Keras line.
void given_tensors(const Value& value, const Place& place, ParsedCall& out) {
  if (is_reference(value)) {
    out.tensors.push_back(to_reference(value));
  } else if (const List* list = value.get<List>(); list && !list->empty() && !keras3_tensor(value, place)) {
    for (const Value& element : *list) given_tensors(element, place, out);
  } else {
    positional(value, place, out);
  }
}

void keywords(const Dict& kwargs, const std::vector<std::string>& tensors, const Place& place, ParsedCall& out) {
  for (const std::string& key : tensors) {
    if (const Value* value = entry(kwargs, key)) given_tensors(*value, place, out);
  }
  for (const auto& [key, value] : kwargs) {
    if (value.null() || std::find(tensors.begin(), tensors.end(), key) != tensors.end()) continue;
    const Value* mask = key == "mask" ? keras3_tensor(value, place) : nullptr;
    if (mask) out.masks.push_back(to_reference(*mask));
    if (mask) continue;
    if (holds_tensor(value, place)) unsupported(key, place);
    out.attrs[key] = value;
  }
}

void flatten(const Value& value, const Place& place, std::vector<Reference>& out) {
  if (is_reference(value)) {
    out.push_back(to_reference(value));
  } else if (const List* list = value.get<List>()) {
    for (const Value& element : *list) flatten(element, place, out);
  } else if (const Dict* dict = value.get<Dict>()) {
    for (const auto& [key, element] : *dict) flatten(element, place, out);
  } else {
    throw Error(Status::format, "not a list of layer references", place);
  }
}

}  // namespace

ParsedCall parse_call(const Value& call, const std::vector<std::string>& tensors, const Place& place) {
  ParsedCall out;
  if (const Dict* dict = call.get<Dict>()) {
    positional(wanted<List>(*dict, "args", place), place, out);
    keywords(wanted<Dict>(*dict, "kwargs", place), tensors, place, out);
    // Keras 3 notes it with every call and lets the caller of the model overrule it; Keras 2 would never train the layer.
    if (const auto training = out.attrs.find("training"); training != out.attrs.end() && training->second == Value(false))
      out.attrs.erase(training);
  } else {
    const List& list = as<List>(call, "a call", place);
    // Operation layers of Keras 2 have one level of lists less.
    const List single{call};
    for (const Value& value : is_reference(call) ? single : list) {
      if (!is_reference(value)) throw Error(Status::format, "a call that does not name the layer it reads", place);
      const List& reference = *value.get<List>();
      out.tensors.push_back(to_reference(value));
      const Dict* kwargs = reference.size() > 3 ? reference[3].get<Dict>() : nullptr;
      if (kwargs) keywords(*kwargs, tensors, place, out);
    }
  }
  if (out.tensors.empty()) throw Error(Status::format, "a call without inputs", place);
  return out;
}

std::vector<Reference> parse_references(const Value& value, const Place& place) {
  std::vector<Reference> out;
  flatten(value, place, out);
  return out;
}

}  // namespace keraft::formats
