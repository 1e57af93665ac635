#include <algorithm>

#include "recover/recover.h"

namespace keraft::recover {
namespace {

/// A layer without weights that changes the floating type is nothing but a cast.
bool is_cast(const Graph& graph, const Node& node) {
  if (node.dead || node.layer < 0 || node.inputs.size() != 1 || node.outputs.empty()) return false;
  const TensorType before = graph.type(node.inputs[0]), after = node.outputs[0];
  return graph.layers[static_cast<size_t>(node.layer)].slots.empty() && before.shape == after.shape &&
         before.dtype != after.dtype && is_floating(before.dtype) && is_floating(after.dtype);
}

}  // namespace

void drop_casts(Graph& graph) {
  const auto readers = graph.readers();
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (!is_cast(graph, graph.nodes[i])) continue;
    const DType dtype = graph.nodes[i].outputs[0].dtype;
    const bool is_output =
        std::any_of(graph.outputs.begin(), graph.outputs.end(), [&](const Port& port) { return port.edge.node == id; });
    const bool all_cast = std::all_of(readers[i].begin(), readers[i].end(), [&](NodeId reader) {
      const Node& node = graph.at(reader);
      return node.dead || (node.layer >= 0 && graph.type({reader, 0}).dtype == dtype);
    });
    if (is_output || !all_cast) continue;
    const Edge before = graph.nodes[i].inputs[0];
    for (const NodeId reader : readers[i]) {
      for (Edge& edge : graph.at(reader).inputs) edge = edge == Edge{id, 0} ? before : edge;
    }
    graph.nodes[i].dead = true;
  }
}

}  // namespace keraft::recover
