#include "base/storage.h"
#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// Elements [begin, begin + size) of an axis, as a weight of its own; nothing is copied.
Weight part(const Weight& whole, size_t axis, int64_t begin, int64_t size) {
  Weight out = whole;
  std::vector<int64_t> start(out.value.dims.size(), 0);
  start[axis] = begin;
  out.value.dims[axis] = size;
  out.value.storage = base::rectangle(whole.value.storage, whole.value.dims, start, out.value.dims, size_of(whole.value.dtype));
  out.view_of = -1;
  return out;
}

}  // namespace

/// Each part that Split takes of a weight becomes a weight.
void cut_weights(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead || graph.nodes[i].op != "tf/Split" || graph.nodes[i].inputs.size() != 2) continue;
    const Node& from = graph.at(graph.nodes[i].inputs[1].node);
    const auto axis = ir::constant_ints(graph, graph.nodes[i].inputs[0]);
    const auto parts = graph.nodes[i].attrs.find("num_split");
    const auto* number = parts == graph.nodes[i].attrs.end() ? nullptr : parts->second.get<int64_t>();
    if (from.op != "ir/Weight" || !axis || axis->size() != 1 || !number) continue;
    const Weight whole = graph.weights[static_cast<size_t>(from.weight)];
    const auto rank = static_cast<int64_t>(whole.value.dims.size());
    const int64_t at = axis->front() + (axis->front() < 0 ? rank : 0);
    if (at < 0 || at >= rank || !whole.value.storage || *number < 1) continue;
    const int64_t size = whole.value.dims[static_cast<size_t>(at)] / *number;
    if (size * *number != whole.value.dims[static_cast<size_t>(at)]) continue;
    const std::string name = graph.nodes[i].name;
    for (int32_t port = 0; port < *number; ++port) {
      Node node;
      node.name = name + "/" + std::to_string(port);
      node.op = "ir/Weight";
      node.weight = static_cast<int32_t>(graph.weights.size());
      graph.weights.push_back(part(whole, static_cast<size_t>(at), port * size, size));
      node.outputs = {{whole.value.dtype, Shape::of(graph.weights.back().value.dims)}};
      rewire.set({static_cast<NodeId>(i), port}, {graph.add(std::move(node)), 0});
    }
  }
  rewire.apply();
}

}  // namespace keraft::normalise
