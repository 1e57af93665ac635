#include "keraft/inspect.hpp"

#include <fmt/format.h>

#include <iterator>
#include <set>

#include "base/json_out.h"
#include "base/string.h"

namespace keraft {
namespace {

using base::escaped;

constexpr std::string_view hidden = "ir/";

struct Slots {
  std::string layer, slot;
  std::vector<int64_t> shape;
  DType dtype;
  bool trainable;
};

/// What the model holds, gathered once for both forms of the output.
struct Contents {
  explicit Contents(const Model& model) {
    const Graph& graph = model.graph;
    for (const Node& node : graph.nodes) {
      if (!node.dead && !node.op.starts_with(hidden)) ++ops[node.op];
    }
    for (const Layer& layer : graph.layers) {
      for (const Slot& slot : layer.slots) {
        const bool learns =
            layer.trainable && (slot.weight < 0 || graph.weights.at(static_cast<size_t>(slot.weight)).trainable);
        slots.push_back({layer.name, slot.name, slot.value.dims, slot.value.dtype, learns});
        if (slot.weight < 0 || seen.insert(slot.weight).second) count(slot.value, learns);
      }
    }
    for (size_t i = 0; i < graph.weights.size(); ++i) {
      if (seen.insert(static_cast<int32_t>(i)).second) count(graph.weights[i].value, graph.weights[i].trainable);
    }
  }
  void count(const Tensor& tensor, bool is_trainable) { (is_trainable ? trainable : other) += tensor.elements(); }

  std::map<std::string, int64_t> ops;
  std::vector<Slots> slots;
  std::set<int32_t> seen;
  int64_t trainable = 0, other = 0;
};

std::string port_text(const Graph& graph, const Port& port) {
  const TensorType type = graph.type(port.edge);
  return fmt::format("{} {} {}", escaped(port.name), name_of(type.dtype), type.shape.text());
}

void ports(base::JsonOut& out, std::string_view key, const Graph& graph, const std::vector<Port>& ports) {
  out.key(key).open('[');
  for (const Port& port : ports) {
    const TensorType type = graph.type(port.edge);
    out.open('{').key("name").text(port.name).key("dtype").text(name_of(type.dtype)).key("shape").text(type.shape.text());
    out.key("tensor").text(graph.at(port.edge.node).name + ":" + std::to_string(port.edge.port)).close();
  }
  out.close();
}

std::string as_json(const Model& model, const Contents& found) {
  const Graph& graph = model.graph;
  base::JsonOut out;
  out.open('{').key("path").text(model.path).key("kind").text(name_of(model.kind)).key("producer").text(model.producer);
  ports(out, "inputs", graph, graph.inputs);
  ports(out, "outputs", graph, graph.outputs);
  out.key("signatures").texts(model.signatures);
  out.key("layers").open('[');
  for (const Layer& layer : graph.layers) {
    out.open('{').key("name").text(layer.name).key("class").text(layer.cls).key("trainable").flag(layer.trainable);
    out.key("config").open('{');
    for (const auto& [name, value] : layer.config) out.key(name).text(value.text());
    out.close().close();
  }
  out.close().key("slots").open('[');
  for (const Slots& slot : found.slots) {
    out.open('{').key("layer").text(slot.layer).key("slot").text(slot.slot).key("shape").integers(slot.shape);
    out.key("dtype").text(name_of(slot.dtype)).key("trainable").flag(slot.trainable).close();
  }
  out.close().key("weights").open('[');
  for (const Weight& weight : graph.weights) {
    out.open('{').key("name").text(weight.name).key("key").text(weight.key).key("shape").integers(weight.value.dims);
    out.key("dtype").text(name_of(weight.value.dtype)).key("variable").flag(weight.variable);
    out.key("trainable").flag(weight.trainable).key("evidence").texts(weight.evidence).close();
  }
  out.close().key("parameters").open('{').key("trainable").integer(found.trainable).key("other").integer(found.other).close();
  out.key("ops").open('{');
  for (const auto& [op, count] : found.ops) out.key(op).integer(count);
  out.close().key("functions").open('[');
  for (const auto& [name, body] : graph.functions) out.text(name);
  out.close().key("lossy").open('[');
  for (const auto& [where, what] : model.lossy) out.open('{').key("where").text(where).key("what").text(what).close();
  return out.take();
}

std::string as_text(const Model& model, const Contents& found) {
  const Graph& graph = model.graph;
  std::string all;
  const auto out = std::back_inserter(all);
  fmt::format_to(out, "{} ({}){}{}\n", escaped(model.path, 4096), name_of(model.kind), model.producer.empty() ? "" : ", ",
                 escaped(model.producer));
  for (const Port& port : graph.inputs) fmt::format_to(out, "  in   {}\n", port_text(graph, port));
  for (const Port& port : graph.outputs) fmt::format_to(out, "  out  {}\n", port_text(graph, port));
  for (const std::string& key : model.signatures) fmt::format_to(out, "  signature {}\n", escaped(key));
  if (!graph.layers.empty()) fmt::format_to(out, "\nlayers: {}\n", graph.layers.size());
  for (const Layer& layer : graph.layers) {
    fmt::format_to(out, "  {} · {}{}\n", escaped(layer.name), escaped(layer.cls), layer.trainable ? "" : " (frozen)");
    for (const auto& [name, value] : layer.config) {
      fmt::format_to(out, "      {} = {}\n", escaped(name), value.text());
    }
    for (const Slot& slot : layer.slots) {
      fmt::format_to(out, "      {} [{}] {}\n", escaped(slot.name), fmt::join(slot.value.dims, ", "),
                     name_of(slot.value.dtype));
    }
  }
  if (!graph.weights.empty()) fmt::format_to(out, "\nweights: {}\n", graph.weights.size());
  for (const Weight& weight : graph.weights) {
    fmt::format_to(out, "  {} {} [{}] {}, {}\n", escaped(weight.name), name_of(weight.value.dtype),
                   fmt::join(weight.value.dims, ", "), weight.variable ? "variable" : "constant",
                   weight.trainable ? "trainable" : "not trainable");
    for (const std::string& reason : weight.evidence) fmt::format_to(out, "      {}\n", escaped(reason));
  }
  fmt::format_to(out, "\nparameters: {} trainable, {} others\n", found.trainable, found.other);
  if (!found.ops.empty()) fmt::format_to(out, "\nnodes by op\n");
  for (const auto& [op, count] : found.ops) fmt::format_to(out, "  {:>6}  {}\n", count, escaped(op));
  for (const auto& [where, what] : model.lossy) fmt::format_to(out, "left out: {}: {}\n", escaped(where), what);
  return all;
}

}  // namespace

std::string inspect(const Model& model, bool json) {
  const Contents found(model);
  return json ? as_json(model, found) : as_text(model, found);
}

}  // namespace keraft
