#include "formats/keras/read_calls.h"

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

/// Tensors given by keyword follow the positional ones; their order is known for attention alone.
void keywords(const Dict& kwargs, const std::string& cls, const Place& place, ParsedCall& out) {
  const bool attention = cls == "MultiHeadAttention" || cls == "GroupQueryAttention";
  for (const char* key : {"query", "value", "key"}) {
    const Value* value = attention ? entry(kwargs, key) : nullptr;
    if (!value || value->null()) continue;
    const Value* tensor = is_reference(*value) ? value : keras3_tensor(*value, place);
    if (!tensor) unsupported(key, place);
    out.tensors.push_back(to_reference(*tensor));
  }
  for (const auto& [key, value] : kwargs) {
    if (attention && (key == "query" || key == "value" || key == "key")) continue;
    if (value.null()) continue;
    if (holds_tensor(value, place)) unsupported(key, place);
    out.attrs[key] = value;
  }
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

ParsedCall parse_call(const Value& call, const std::string& cls, const Place& place) {
  ParsedCall out;
  if (const Dict* dict = call.get<Dict>()) {
    positional(wanted<List>(*dict, "args", place), place, out);
    keywords(wanted<Dict>(*dict, "kwargs", place), cls, place, out);
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
      if (kwargs) keywords(*kwargs, cls, place, out);
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
