#include <map>
#include <set>

#include "base/string.h"
#include "cards/layer_card.h"
#include "emit/layer_class.h"
#include "ir/constant.h"
#include "recover/recover.h"
#include "recover/slot_name.h"

namespace keraft::recover {
namespace {

constexpr int64_t most_written = 4096;

/// An attribute as a config can hold it.
Value plain(const Value& value) {
  if (const DType* dtype = value.get<DType>()) return std::string(name_of(*dtype));
  if (const Tensor* tensor = value.get<Tensor>()) {
    if (tensor->elements() > most_written) return value.text();
    List out;
    if (is_integer(tensor->dtype) || tensor->dtype == DType::boolean) {
      for (const int64_t one : to_ints(*tensor)) out.emplace_back(one);
    } else if (is_floating(tensor->dtype)) {
      for (const double one : to_doubles(*tensor)) out.emplace_back(Value(one).text());
    } else {
      return value.text();
    }
    return out;
  }
  if (const List* list = value.get<List>()) {
    List out;
    for (const Value& one : *list) out.push_back(plain(one));
    return out;
  }
  const bool simple =
      value.null() || value.get<bool>() || value.get<int64_t>() || value.get<double>() || value.get<std::string>();
  return simple ? value : Value(value.text());
}

std::string class_of(const std::string& op, const Registry& registry) {
  std::string out;
  for (const char c : op) out += std::isalnum(static_cast<unsigned char>(c)) || c == '_' ? c : '_';
  if (out.empty() || !std::isalpha(static_cast<unsigned char>(out[0])) || registry.layer(out)) out = "Op" + out;
  return out;
}

}  // namespace

std::vector<std::string> stub_layers(Graph& graph, const Registry& registry) {
  std::vector<std::string> out;
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    if (node.layer >= 0 || !node.op.starts_with("tf/") || registry.op(node.op)) continue;
    const std::string op = node.op.substr(3);
    Layer layer;
    layer.how = "custom";
    layer.cls = class_of(op, registry);
    layer.config["op"] = op;
    Dict attributes;
    for (const auto& [key, value] : node.attrs) attributes[key] = plain(value);
    std::vector<Edge> inputs;
    std::set<std::string> slots;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const Edge edge = node.inputs[i];
      const Node& source = graph.at(edge.node);
      if (source.op == "ir/Weight") {
        const Weight& weight = graph.weights[static_cast<size_t>(source.weight)];
        const std::string name = slot_name(weight.name, slots);
        slots.insert(name);
        layer.slots.push_back({name, source.weight, weight.value});
      } else if (const Tensor* tensor = ir::constant(graph, edge)) {
        attributes["input " + std::to_string(i)] = plain(*tensor);
      } else {
        inputs.push_back(edge);
      }
    }
    if (inputs.empty()) continue;
    layer.config["attributes"] = std::move(attributes);
    layer.registered = "keraft>" + layer.cls;
    layer.code = emit::stub_class(layer, op);
    Node& call = graph.at(id);
    out.push_back(call.name);
    call.op = "keras/" + layer.cls;
    call.layer = static_cast<int32_t>(graph.layers.size());
    call.inputs = std::move(inputs);
    call.attrs.clear();
    call.control.clear();
    call.from = {call.name};
    graph.layers.push_back(std::move(layer));
  }
  return out;
}

}  // namespace keraft::recover
