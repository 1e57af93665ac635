#include "formats/saved_model/keras_notes.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "formats/keras/dict.h"
#include "formats/wire/json.h"
#include "formats/wire/scan.h"

namespace keraft::formats {
namespace {

constexpr const char* file_name = "keras_metadata.pb";

const Value* entry_of(const Value* value, const char* key) {
  const Dict* dict = value ? value->get<Dict>() : nullptr;
  return dict ? entry(*dict, key) : nullptr;
}

/// [["a", 0, 0], …], or the one triple alone.
std::vector<std::string> names(const Value* value) {
  const List* list = value ? value->get<List>() : nullptr;
  std::vector<std::string> out;
  for (size_t i = 0; list && i < list->size(); ++i) {
    const List* triple = (*list)[i].get<List>();
    const std::string* name = triple && !triple->empty() ? triple->front().get<std::string>() : nullptr;
    if (!name) return {};
    out.push_back(*name);
  }
  return out;
}

/// Keras writes tuples and shapes as objects that JSON has no word for.
void use_lists(Value& value) {
  if (auto* list = value.edit<List>()) {
    for (Value& one : *list) use_lists(one);
  } else if (auto* dict = value.edit<Dict>()) {
    const auto cls = dict->find("class_name"), items = dict->find("items");
    const bool list_like = cls != dict->end() && (cls->second == Value("__tuple__") || cls->second == Value("TensorShape"));
    if (list_like && items != dict->end() && items->second.get<List>()) {
      Value inner = items->second;
      value = std::move(inner);
      return use_lists(value);
    }
    for (auto& [key, one] : dict->edit()) use_lists(one);
  }
}

}  // namespace

KerasNotes keras_notes(const std::string& folder, const std::string& root, const wire::ObjectGraph* objects) {
  KerasNotes out{{}, folder + "/" + file_name};
  if (base::exists(out.file)) {
    const auto file = root.empty() ? base::File::open(out.file) : base::File::open_beneath(root, file_name);
    wire::Source source(base::file_range(file, 0, file->size()), out.file);
    wire::Scan scan(source);
    while (scan.next()) {
      if (scan.field() != 1) continue;
      wire::Scan object = scan.message();
      int id = 0;
      std::string text;
      while (object.next()) {
        if (object.field() == 2) id = static_cast<int>(std::min<uint64_t>(object.varint(), INT32_MAX));
        if (object.field() == 5) text = object.text();
      }
      out.text.insert_or_assign(id, std::move(text));
    }
    return out;
  }
  out.file = folder;
  if (!objects) return out;
  for (const auto& [node, object] : objects->keras) {
    if (object.identifier.starts_with("_tf_keras_")) out.text.emplace(node, object.metadata);
  }
  return out;
}

Value parse_note(const std::string& text, base::Budget& budget, const Place& place) {
  Value out = wire::parse_json(text, budget, place);
  use_lists(out);
  return out;
}

KerasOrder keras_order(const KerasNotes& notes, base::Budget& budget) {
  const auto found = notes.text.find(0);
  if (found == notes.text.end()) return {};
  const Value note = parse_note(found->second, budget, {notes.file, {}, {}});
  const Value* config = entry_of(&note, "config");
  return {names(entry_of(config, "input_layers")), names(entry_of(config, "output_layers"))};
}

}  // namespace keraft::formats
