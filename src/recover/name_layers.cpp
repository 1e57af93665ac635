#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/string.h"
#include "ir/operation.h"
#include "recover/recover.h"

namespace keraft::recover {
namespace {

using Parts = std::vector<std::string>;
using Wishes = std::map<int32_t, Parts>;  ///< by layer

Parts parts_of(const std::string& name) { return name.empty() ? Parts{} : base::split(name, '/'); }

/// Inlined calls of TensorFlow's wrapper functions leave their names in front; they are nobody's scope.
Parts without_calls(Parts parts) {
  const auto is_call = [](const std::string& part) {
    return part.starts_with("StatefulPartitionedCall") || part.starts_with("PartitionedCall");
  };
  while (parts.size() > 1 && is_call(parts.front())) parts.erase(parts.begin());
  return parts;
}

/// The scope of a layer's variables, where they agree and have one.
std::optional<Parts> variables_wish(const Graph& graph, const Node& call) {
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  std::set<std::string> scopes;
  for (const Slot& slot : layer.slots) {
    const Weight& weight = graph.weights[static_cast<size_t>(graph.root(slot.weight))];
    // A frozen graph names some variables after the op that read them.
    if (!weight.variable || weight.name.find("ReadVariableOp") != std::string::npos) return std::nullopt;
    scopes.emplace(base::scope_of(weight.name));
  }
  if (scopes.size() != 1 || scopes.begin()->empty()) return std::nullopt;
  return parts_of(*scopes.begin());
}

/// The deepest scope that a call's raw nodes have in common. A node without a scope gives its own name.
Parts nodes_wish(const Graph& graph, const Node& call) {
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  std::set<std::string> constants;
  for (const Slot& slot : layer.slots) {
    const Weight& weight = graph.weights[static_cast<size_t>(graph.root(slot.weight))];
    const bool named = weight.name.find("ReadVariableOp") == std::string::npos;
    if (!weight.variable || !named) constants.emplace(named ? base::scope_of(weight.name) : std::string_view());
  }
  Parts common = parts_of(call.from.front());
  for (const std::string& name : call.from) {
    const std::vector<std::string> other = parts_of(name);
    const auto end = std::mismatch(common.begin(), common.end(), other.begin(), other.end()).first;
    common.erase(end, common.end());
  }
  if (common.size() == parts_of(call.from.front()).size() && common.size() > 1) common.pop_back();
  // Frozen variables keep their names; where the ops have no scope, theirs is the only one.
  if (common.size() < 2 && call.from.front().find('/') == std::string::npos && constants.size() == 1 &&
      !constants.begin()->empty()) {
    return parts_of(*constants.begin());
  }
  return common.empty() ? Parts{call.from.front().substr(call.from.front().rfind('/') + 1)} : without_calls(std::move(common));
}

/// What all have in front says nothing.
void drop_common_scopes(Wishes& wishes) {
  Parts common;
  bool first = true;
  for (const auto& [layer, parts] : wishes) {
    if (first) common.assign(parts.begin(), parts.end() - 1);
    first = false;
    const auto end = std::mismatch(common.begin(), common.end(), parts.begin(), parts.end() - 1).first;
    common.erase(end, common.end());
  }
  for (auto& [layer, parts] : wishes) parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(common.size()));
}

/// Scopes inside a layer ("conv1_bn/batchnorm") say nothing where the part before them is this layer's alone.
void shorten(Wishes& wishes) {
  std::map<Parts, int> users;
  for (const auto& [layer, parts] : wishes) {
    for (size_t n = 1; n <= parts.size(); ++n) ++users[{parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(n)}];
  }
  for (auto& [layer, parts] : wishes) {
    while (parts.size() > 1 && users[{parts.begin(), parts.end() - 1}] == 1) parts.pop_back();
  }
}

std::string counter(const std::string& part) {
  const size_t digits = part.find_last_not_of("0123456789");
  return digits == std::string::npos || digits == 0 || digits + 1 == part.size() || part[digits] != '_' ? std::string()
                                                                                                        : part.substr(digits);
}

/// Keras 3 counts the calls of a model: every scope ends in the same "_1", but for a few where TensorFlow counted once more.
void drop_common_counter(Wishes& wishes) {
  std::map<std::string, size_t> endings;
  for (const auto& [layer, parts] : wishes) ++endings[counter(parts.back())];
  const auto most =
      std::max_element(endings.begin(), endings.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const size_t others = most == endings.end() ? 0 : wishes.size() - most->second;
  if (wishes.size() < 2 || endings.contains("") || others > wishes.size() / 8) return;
  const std::string ending = most->first;
  for (auto& [layer, parts] : wishes) {
    if (counter(parts.back()) == ending) parts.back().resize(parts.back().size() - ending.size());
  }
}

std::string legal(const Parts& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "_") + part;
  for (char& c : out) {
    const bool fine =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
    if (!fine) c = '_';
  }
  if (out.empty() ||
      !((out[0] >= '0' && out[0] <= '9') || (out[0] >= 'a' && out[0] <= 'z') || (out[0] >= 'A' && out[0] <= 'Z'))) {
    out = "layer" + (out.empty() || out[0] == '_' ? out : "_" + out);
  }
  return out;
}

class Names {
 public:
  /// The name, with the first number behind it that is free.
  std::string unique(const std::string& name) {
    std::string out = name;
    for (int& i = next_[base::lower(name)]; !taken_.insert(base::lower(out)).second; out = name + "_" + std::to_string(i)) ++i;
    return out;
  }

 private:
  std::unordered_set<std::string> taken_{"top_level_model_weights"};
  std::unordered_map<std::string, int> next_;  ///< all numbers up to it are taken
};

/// Nodes of keras.ops keep the names of the raw nodes that they come from.
void name_operations(Graph& graph, Names& names) {
  Wishes wishes;
  std::vector<NodeId> order;
  for (const NodeId id : graph.order()) {
    if (!is_operation(graph.at(id))) continue;
    wishes[id] = without_calls(parts_of(graph.at(id).name));
    order.push_back(id);
  }
  drop_common_scopes(wishes);
  for (const NodeId id : order) graph.at(id).name = names.unique(legal(wishes[id]));
}

}  // namespace

void name_layers(Graph& graph) {
  Names names;
  for (Port& port : graph.inputs) {
    port.name = names.unique(legal(parts_of(port.name)));
    graph.at(port.edge.node).name = port.name;
  }
  Wishes by_variables, by_nodes;  // apart: variables and ops have different scopes in front
  std::vector<int32_t> order;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    if (node.layer < 0 || by_variables.contains(node.layer) || by_nodes.contains(node.layer)) continue;
    if (auto named = variables_wish(graph, node)) {
      by_variables[node.layer] = std::move(*named);
    } else {
      by_nodes[node.layer] = nodes_wish(graph, node);
    }
    order.push_back(node.layer);
  }
  for (Wishes* some : {&by_variables, &by_nodes}) {
    drop_common_scopes(*some);
    drop_common_counter(*some);
  }
  Wishes wishes = std::move(by_variables);
  wishes.merge(by_nodes);
  shorten(wishes);
  for (const int32_t id : order) {
    const auto& parts = wishes[id];
    graph.layers[static_cast<size_t>(id)].name = names.unique(legal(parts));
  }
  name_operations(graph, names);
  std::map<int32_t, int> calls;
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    if (node.layer < 0) continue;
    const int call = calls[node.layer]++;
    node.name = graph.layers[static_cast<size_t>(node.layer)].name + (call ? ":call" + std::to_string(call) : "");
  }
}

std::vector<std::pair<std::string, std::string>> make_names_legal(Graph& graph) {
  std::vector<Name*> wrong, right;
  const auto look = [&](Name& name) { (legal(parts_of(name)) == name ? right : wrong).push_back(&name); };
  for (Layer& layer : graph.layers) look(layer.name);
  for (Node& node : graph.nodes) {
    if (!node.dead && (is_operation(node) || node.op == "ir/Input")) look(node.name);
  }
  if (wrong.empty()) return {};
  Names names;
  for (const Name* name : right) names.unique(*name);
  std::map<std::string, std::string> renamed;
  std::vector<std::pair<std::string, std::string>> out;
  for (Name* name : wrong) {
    out.emplace_back(*name, names.unique(legal(parts_of(*name))));
    renamed.insert(out.back());
    *name = out.back().second;
  }
  const auto follow = [&](std::string& name) {
    const auto found = renamed.find(name);
    if (found != renamed.end()) name = found->second;
  };
  for (auto* ports : {&graph.inputs, &graph.outputs}) {
    for (Port& port : *ports) follow(port.name);
  }
  return out;
}

}  // namespace keraft::recover
