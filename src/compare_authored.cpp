#include "compare_authored.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/string.h"
#include "cards/infer.h"
#include "lower/lower.h"

namespace keraft {
namespace {

[[noreturn]] void differs(const std::string& what, const std::string& name = {}) {
  throw Error(Status::mismatch, what, {{}, {}, name});
}

[[noreturn]] void other_way(const std::string& what, const std::string& name = {}) {
  throw Error(Status::unsupported, what, {{}, {}, name});
}

/// What was asked for that only the graph can tell.
void check_options(const LoadOptions& load, const ConvertOptions& options, const Graph& keras) {
  if (!load.inputs.empty() || !load.outputs.empty()) other_way("inputs and outputs were named");
  if (!load.signature.empty() && load.signature != "serving_default") other_way("another signature was asked for");
  if (load.ema) other_way("moving averages were asked for");
  for (const Layer& layer : keras.layers) {
    const auto layout = layer.config.find("data_format");
    if (!options.keep_data_format && layout != layer.config.end() && layout->second == Value("channels_first"))
      other_way("its images have their channels first", layer.name);
  }
  for (const Node& node : keras.nodes) {
    if (options.allow == Allow::layers && node.layer < 0 && node.op != "ir/Input")
      other_way("it is an operation, and layers alone were asked for", node.name);
  }
}

bool compatible(const TensorType& a, const TensorType& b) {
  if (a.dtype != DType::invalid && b.dtype != DType::invalid && a.dtype != b.dtype) return false;
  if (!a.shape.has_rank() || !b.shape.has_rank()) return true;
  if (a.shape.rank() != b.shape.rank()) return false;
  for (size_t i = 0; i < a.shape.rank(); ++i) {
    if (a.shape[i].known() && b.shape[i].known() && a.shape[i].value() != b.shape[i].value()) return false;
  }
  return true;
}

std::string text(const TensorType& type) { return std::string(name_of(type.dtype)) + " " + type.shape.text(); }

/// Ports in the source's order, where both have the same names; one port alone needs none.
void compare_ports(const Graph& source, const std::vector<Port>& theirs, const Graph& keras, std::vector<Port>& mine,
                   const std::string& what) {
  if (mine.size() != theirs.size()) {
    differs("it has " + std::to_string(mine.size()) + " " + what + ", the graph " + std::to_string(theirs.size()));
  }
  std::vector<Port> sorted;
  for (const Port& port : theirs) {
    const auto same = std::find_if(mine.begin(), mine.end(), [&](const Port& one) { return one.name == port.name; });
    if (same == mine.end() && mine.size() != 1) differs("it has no such port among its " + what, port.name);
    sorted.push_back(same == mine.end() ? mine.front() : *same);
    const TensorType graph = source.type(port.edge), told = keras.type(sorted.back().edge);
    if (!compatible(graph, told)) differs("it is " + text(told) + " there, in the graph " + text(graph), port.name);
  }
  mine = std::move(sorted);
}

/// Variables of the checkpoint that a graph reads.
std::set<std::string> variables(const Graph& graph) {
  std::set<std::string> out;
  for (const Node& node : graph.nodes) {
    if (node.dead || node.op != "ir/Weight") continue;
    const Weight& weight = graph.weights[static_cast<size_t>(graph.root(node.weight))];
    if (weight.variable) out.insert(weight.key);
  }
  return out;
}

void compare_variables(const Graph& source, const Graph& keras) {
  const std::set<std::string> read = variables(source);
  std::set<std::string> told;
  for (const Node& node : keras.nodes) {
    if (node.dead || node.layer < 0) continue;
    const Layer& layer = keras.layers[static_cast<size_t>(node.layer)];
    for (const Slot& slot : layer.slots) {
      const Weight& weight = keras.weights[static_cast<size_t>(slot.weight)];
      told.insert(weight.key);
      if (weight.trainable && !read.contains(weight.key))
        differs("its weight " + slot.name + " is no variable that the graph reads", layer.name);
    }
  }
  for (const std::string& key : read) {
    if (!told.contains(key)) differs("the graph reads a variable that no layer has: " + base::escaped(key));
  }
}

}  // namespace

void compare_authored(const Model& source, const LoadOptions& load, const ConvertOptions& options, Graph& keras,
                      const Control& control) {
  keras.prune();
  keras.compact();
  check_options(load, options, keras);
  Graph raw = lower::lower(keras, source.registry);
  infer_types(raw, source.registry, control);
  std::map<std::string_view, const Node*> by_name;
  for (const Node& node : raw.nodes) by_name.emplace(node.name, &node);
  for (Node& node : keras.nodes) {
    const auto found = by_name.find(node.name);
    if (node.op != "ir/Input" && found != by_name.end()) node.outputs = found->second->outputs;
  }
  compare_ports(source.graph, source.graph.inputs, keras, keras.inputs, "inputs");
  compare_ports(source.graph, source.graph.outputs, keras, keras.outputs, "outputs");
  compare_variables(source.graph, keras);
}

std::map<std::string, Edge> results_of_scopes(const Graph& source, const Graph& keras,
                                              const std::map<std::string, std::string, std::less<>>& scopes) {
  std::map<std::string_view, const Node*> call_of;  // by scope; null: several calls
  size_t deepest = 0;
  for (const Node& node : keras.nodes) {
    const auto scope = node.layer < 0 ? scopes.end() : scopes.find(keras.layers[static_cast<size_t>(node.layer)].name);
    if (node.dead || scope == scopes.end()) continue;
    const auto [at, fresh] = call_of.emplace(scope->second, &node);
    if (!fresh) at->second = nullptr;
    deepest = std::max(deepest, static_cast<size_t>(std::count(scope->second.begin(), scope->second.end(), '/')) + 1);
  }
  // "…/left/dense/BiasAdd" stands in "dense" and in "left/dense".
  const auto calls_around = [&](const Node& node) {
    std::set<const Node*> out;
    const std::string_view name = node.name;
    for (size_t end = name.rfind('/'); end != std::string_view::npos && end > 0; end = name.rfind('/', end - 1)) {
      size_t begin = end;
      for (size_t depth = 0; depth < deepest && begin > 0 && begin != std::string_view::npos; ++depth) {
        begin = name.rfind('/', begin - 1);
        const size_t first = begin == std::string_view::npos ? 0 : begin + 1;
        const auto found = call_of.find(name.substr(first, end - first));
        if (found != call_of.end() && found->second) out.insert(found->second);
      }
    }
    return out;
  };
  std::vector<std::set<const Node*>> around;
  for (const Node& node : source.nodes) {
    const bool computes = !node.dead && node.op != "tf/Const" && !node.op.starts_with("ir/");
    around.push_back(computes ? calls_around(node) : std::set<const Node*>());
  }
  std::map<const Node*, std::set<Edge>> results;
  const auto leaves = [&](Edge edge, const std::set<const Node*>& reader) {
    for (const Node* call : around[static_cast<size_t>(edge.node)]) {
      if (!reader.contains(call)) results[call].insert(edge);
    }
  };
  for (size_t i = 0; i < source.nodes.size(); ++i) {
    if (source.nodes[i].dead) continue;
    for (const Edge& edge : source.nodes[i].inputs) leaves(edge, around[i]);
  }
  for (const Port& port : source.outputs) leaves(port.edge, {});
  std::map<std::string, Edge> out;
  for (const auto& [call, edges] : results) {
    if (edges.size() == 1) out.emplace(keras.layers[static_cast<size_t>(call->layer)].name, *edges.begin());
  }
  return out;
}

}  // namespace keraft
