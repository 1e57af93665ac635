#include "formats/saved_model/keras_order.h"

#include "base/file.h"
#include "formats/wire/json.h"
#include "formats/wire/scan.h"

namespace keraft::formats {
namespace {

constexpr const char* file_name = "keras_metadata.pb";

const Value* entry(const Value* value, const char* key) {
  const Dict* dict = value ? value->get<Dict>() : nullptr;
  const auto found = dict ? dict->find(key) : Dict::const_iterator();
  return dict && found != dict->end() ? &found->second : nullptr;
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

/// The JSON of the object at the root.
std::string root_metadata(wire::Scan scan) {
  while (scan.next()) {
    if (scan.field() != 1) continue;
    wire::Scan object = scan.message();
    std::string path, metadata;
    while (object.next()) {
      if (object.field() == 3) path = object.text();
      if (object.field() == 5) metadata = object.text();
    }
    if (path == "root") return metadata;
  }
  return {};
}

}  // namespace

KerasOrder keras_order(const std::string& folder, const std::string& root, base::Budget& budget) {
  const std::string path = folder + "/" + file_name;
  if (!base::exists(path)) return {};
  const auto file = root.empty() ? base::File::open(path) : base::File::open_beneath(root, file_name);
  wire::Source source(base::file_range(file, 0, file->size()), path);
  const std::string text = root_metadata(wire::Scan(source));
  if (text.empty()) return {};
  const Value metadata = wire::parse_json(text, budget, {path, {}, {}});
  const Value* config = entry(&metadata, "config");
  return {names(entry(config, "input_layers")), names(entry(config, "output_layers"))};
}

}  // namespace keraft::formats
