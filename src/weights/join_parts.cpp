#include "weights/join_parts.h"

#include <algorithm>
#include <utility>

namespace keraft::weights {
namespace {

/// Do the parts lie one behind the other along one axis and fill the whole?
bool fills(const Graph& graph, const std::vector<NodeId>& ids, const std::map<NodeId, Variable::Part>& parts) {
  const Variable::Part& first = parts.at(ids[0]);
  const std::vector<int64_t>& whole = first.whole.dims;
  size_t axis = whole.size();
  for (size_t i = 0; i < whole.size(); ++i) {
    if (graph.weights[static_cast<size_t>(graph.at(ids[0]).weight)].value.dims[i] == whole[i]) continue;
    if (axis != whole.size()) return false;
    axis = i;
  }
  if (axis == whole.size()) return ids.size() == 1;
  int64_t at = 0;
  for (const NodeId id : ids) {
    const Variable::Part& part = parts.at(id);
    const auto& dims = graph.weights[static_cast<size_t>(graph.at(id).weight)].value.dims;
    if (part.name != first.name || part.whole.dims != whole) return false;
    for (size_t i = 0; i < whole.size(); ++i) {
      if (part.start[i] != (i == axis ? at : 0) || (i != axis && dims[i] != whole[i])) return false;
    }
    at += dims[axis];
  }
  return at == whole[axis];
}

}  // namespace

void join_parts(Graph& graph, const std::map<NodeId, Variable::Part>& parts) {
  if (parts.empty()) return;
  std::map<std::string, NodeId> made;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].dead) continue;
    const bool concat = graph.nodes[i].op == "tf/ConcatV2", old = graph.nodes[i].op == "tf/Concat";
    if ((!concat && !old) || graph.nodes[i].inputs.size() < 2) continue;
    std::vector<NodeId> ids;
    for (size_t k = old ? 1 : 0; k < graph.nodes[i].inputs.size() - (concat ? 1 : 0); ++k)
      ids.push_back(graph.nodes[i].inputs[k].node);
    if (!std::all_of(ids.begin(), ids.end(), [&](NodeId id) { return parts.count(id) > 0; }) || !fills(graph, ids, parts))
      continue;
    const Variable::Part& part = parts.at(ids[0]);
    Weight weight = graph.weights[static_cast<size_t>(graph.at(ids[0]).weight)];
    weight.name = part.name;
    weight.value = part.whole;
    weight.trainable = std::all_of(
        ids.begin(), ids.end(), [&](NodeId id) { return graph.weights[static_cast<size_t>(graph.at(id).weight)].trainable; });
    weight.evidence.push_back("the graph joins its " + std::to_string(ids.size()) + " parts");
    Node& node = graph.nodes[i];
    const auto [known, fresh] = made.emplace(part.name, static_cast<NodeId>(i));
    if (!fresh) {
      graph.replace({static_cast<NodeId>(i), 0}, {known->second, 0});
      continue;
    }
    node.op = "ir/Weight";
    node.inputs.clear();
    node.control.clear();
    node.attrs.clear();
    node.outputs = {{weight.value.dtype, Shape::of(weight.value.dims)}};
    node.weight = static_cast<int32_t>(graph.weights.size());
    graph.weights.push_back(std::move(weight));
  }
  // What reads the joined weight through an identity reads it directly.
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!node.dead && node.op == "tf/Identity" && !node.inputs.empty() && graph.at(node.inputs[0].node).op == "ir/Weight") {
      graph.replace({static_cast<NodeId>(i), 0}, node.inputs[0]);
    }
  }
}

}  // namespace keraft::weights
