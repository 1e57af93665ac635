#include "ir/share.h"

#include <algorithm>

namespace keraft::ir {
namespace {

constexpr size_t most_entries = 16;  // beyond, a text to compare by costs more than it saves

bool has_contents(const Value& value) {
  if (const List* list = value.get<List>())
    return list->size() > most_entries || std::any_of(list->begin(), list->end(), has_contents);
  return value.get<Tensor>() || value.get<FunctionRef>() || value.get<Dict>();
}

bool plain(const Value& value, int depth) {
  if (const Dict* inner = value.get<Dict>()) {
    return depth > 0 && inner->size() <= most_entries &&
           std::all_of(inner->begin(), inner->end(), [&](const auto& entry) { return plain(entry.second, depth - 1); });
  }
  return !has_contents(value);
}

}  // namespace

void Sharing::share(Name& name) {
  if (name.empty()) return;
  const auto [at, fresh] = names_.try_emplace(name.str(), name);
  if (!fresh) name = at->second;
}

void Sharing::share(Dict& entries) {
  if (entries.empty() || !plain(entries, 3)) return;
  const auto [at, fresh] = entries_.try_emplace(Value(entries).text(), entries);
  if (!fresh && at->second == entries) entries = at->second;
}

void Sharing::share(Shape& shape) {
  if (!shape.has_rank()) return;
  const auto [at, fresh] = shapes_.try_emplace(shape.text(), shape);
  if (!fresh && at->second == shape) shape = at->second;
}

void Sharing::share(Graph& graph) {
  for (Node& node : graph.nodes) {
    share(node.name);
    share(node.op);
    share(node.attrs);
    for (TensorType& type : node.outputs) share(type.shape);
    for (Name& name : node.from) share(name);
  }
  for (Weight& weight : graph.weights) {
    share(weight.name);
    share(weight.key);
    for (Name& one : weight.evidence) share(one);
  }
  for (Layer& layer : graph.layers) {
    for (Name* name : {&layer.name, &layer.cls, &layer.how, &layer.registered, &layer.code}) share(*name);
    share(layer.config);
    for (Slot& slot : layer.slots) share(slot.name);
  }
}

}  // namespace keraft::ir
