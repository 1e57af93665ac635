#include <algorithm>
#include <map>
#include <set>

#include "base/string.h"
#include "recover/recover.h"
#include "recover/scope.h"

namespace keraft::recover {
namespace {

std::vector<std::string> parts_of(const std::string& name) {
  return name.empty() ? std::vector<std::string>{} : base::split(name, '/');
}

/// The scope that says which layer a call is: of its variables where they agree, else the deepest that its raw nodes have in
/// common. A node without a scope gives its own name.
std::vector<std::string> wish(const Graph& graph, const Node& call) {
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  std::set<std::string> scopes, constants;
  for (const Slot& slot : layer.slots) {
    const Weight& weight = graph.weights[static_cast<size_t>(graph.root(slot.weight))];
    // A frozen graph names some variables after the op that read them.
    const bool named = weight.name.find("ReadVariableOp") == std::string::npos;
    (weight.variable && named ? scopes : constants).insert(named ? scope(weight.name) : std::string());
  }
  if (scopes.size() == 1 && constants.empty() && !scopes.begin()->empty()) return parts_of(*scopes.begin());
  std::vector<std::string> common = parts_of(call.from.front());
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
  return common.empty() ? std::vector<std::string>{call.from.front().substr(call.from.front().rfind('/') + 1)} : common;
}

/// Scopes inside a layer ("conv1_bn/batchnorm") say nothing where the part before them is this layer's alone.
void shorten(std::map<int32_t, std::vector<std::string>>& wishes) {
  std::map<std::vector<std::string>, int> users;
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

/// Keras 3 counts the calls of a model: every scope ends in the same "_1".
void drop_common_counter(std::map<int32_t, std::vector<std::string>>& wishes) {
  if (wishes.size() < 2) return;
  const std::string ending = counter(wishes.begin()->second.back());
  if (ending.empty()) return;
  for (const auto& [layer, parts] : wishes) {
    if (counter(parts.back()) != ending) return;
  }
  for (auto& [layer, parts] : wishes) parts.back().resize(parts.back().size() - ending.size());
}

std::string legal(const std::vector<std::string>& parts) {
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

std::string unique(const std::string& name, std::set<std::string>& taken) {
  std::string out = name;
  for (int i = 1; !taken.insert(base::lower(out)).second; ++i) out = name + "_" + std::to_string(i);
  return out;
}

}  // namespace

void name_layers(Graph& graph) {
  std::set<std::string> taken{"top_level_model_weights"};
  for (Port& port : graph.inputs) {
    port.name = unique(legal(parts_of(port.name)), taken);
    graph.at(port.edge.node).name = port.name;
  }
  std::map<int32_t, std::vector<std::string>> wishes;
  std::vector<int32_t> order;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    if (node.layer < 0 || wishes.contains(node.layer)) continue;
    wishes[node.layer] = wish(graph, node);
    order.push_back(node.layer);
  }
  std::vector<std::string> common;
  bool first = true;
  for (const auto& [layer, parts] : wishes) {
    if (first) common.assign(parts.begin(), parts.end() - 1);
    first = false;
    const auto end = std::mismatch(common.begin(), common.end(), parts.begin(), parts.end() - 1).first;
    common.erase(end, common.end());
  }
  for (auto& [layer, parts] : wishes) parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(common.size()));
  shorten(wishes);
  drop_common_counter(wishes);
  for (const int32_t id : order) {
    const auto& parts = wishes[id];
    graph.layers[static_cast<size_t>(id)].name = unique(legal(parts), taken);
  }
  std::map<int32_t, int> calls;
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    if (node.layer < 0) continue;
    const int call = calls[node.layer]++;
    node.name = graph.layers[static_cast<size_t>(node.layer)].name + (call ? ":call" + std::to_string(call) : "");
  }
}

}  // namespace keraft::recover
