#include <algorithm>

#include "base/storage.h"
#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"
#include "normalise/window_ops.h"

namespace keraft::normalise {
namespace {

/// One group: a part of the channels, convolved, and the bias where there is one.
struct Group {
  NodeId conv = no_node, bias = no_node;
};

const Weight* weight(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  return node.op == "ir/Weight" ? &graph.weights[static_cast<size_t>(node.weight)] : nullptr;
}

std::optional<Group> group(const Graph& graph, const std::vector<std::vector<NodeId>>& readers, Edge edge) {
  Group out{edge.node, no_node};
  if (graph.at(edge.node).op == "tf/BiasAdd") out = {graph.at(edge.node).inputs.at(0).node, edge.node};
  const Node& conv = graph.at(out.conv);
  if ((conv.op != "tf/Conv2D" && conv.op != "tf/Conv3D") || conv.inputs.size() != 2 || !weight(graph, conv.inputs[1]))
    return std::nullopt;
  if (only_reader(readers, out.conv) == no_node || only_reader(readers, edge.node) == no_node) return std::nullopt;
  if (out.bias != no_node) {
    const Node& bias = graph.at(out.bias);
    if (bias.inputs.size() != 2 || !weight(graph, bias.inputs[1]) || channels_first(bias) != channels_first(conv))
      return std::nullopt;
  }
  return out;
}

/// The tensors side by side along their last axis, as one new weight named like the first.
Edge joined(Graph& graph, const std::vector<Edge>& parts, const std::string& name) {
  Weight all = *weight(graph, parts.front());
  all.evidence.clear();
  all.view_of = -1;
  std::vector<base::Part> pieces;
  std::vector<int64_t> dims = all.value.dims;
  dims.back() = 0;
  for (const Edge& edge : parts) {
    const Weight& one = *weight(graph, edge);
    std::vector<int64_t> start(dims.size(), 0);
    start.back() = dims.back();
    dims.back() += one.value.dims.back();
    pieces.push_back({start, one.value.dims, one.value.storage});
    all.trainable = all.trainable && one.trainable;
    all.variable = all.variable || one.variable;
    all.evidence.push_back("part " + one.name);
  }
  all.value.storage = base::assembled(dims, std::move(pieces), size_of(all.value.dtype));
  all.value.dims = dims;
  Node node;
  node.name = name;
  node.op = "ir/Weight";
  node.weight = static_cast<int32_t>(graph.weights.size());
  node.outputs = {{all.value.dtype, Shape::of(dims)}};
  graph.weights.push_back(std::move(all));
  return {graph.add(std::move(node)), 0};
}

bool alike(const Graph& graph, const Group& a, const Group& b) {
  const Node &x = graph.at(a.conv), &y = graph.at(b.conv);
  const Tensor &k = weight(graph, x.inputs[1])->value, &l = weight(graph, y.inputs[1])->value;
  return x.op == y.op && Value(x.attrs) == Value(y.attrs) && k.dims == l.dims && k.dtype == l.dtype &&
         (a.bias == no_node) == (b.bias == no_node) &&
         (a.bias == no_node ||
          weight(graph, graph.at(a.bias).inputs[1])->value.dims == weight(graph, graph.at(b.bias).inputs[1])->value.dims);
}

/// The axis of a Split or SplitV into `count` equal parts of a known axis.
std::optional<size_t> split_axis(const Graph& graph, const Node& split, size_t count, Edge& whole) {
  const bool sizes = split.op == "tf/SplitV";
  if ((!sizes && split.op != "tf/Split") || split.inputs.size() != (sizes ? 3U : 2U)) return std::nullopt;
  whole = split.inputs[sizes ? 0 : 1];
  const auto axis = ir::constant_ints(graph, split.inputs[sizes ? 2 : 0]);
  const Shape shape = graph.type(whole).shape;
  if (!axis || axis->size() != 1 || !shape.has_rank()) return std::nullopt;
  const auto parts = split.attrs.find("num_split");
  if (parts == split.attrs.end() || parts->second != Value(static_cast<int64_t>(count))) return std::nullopt;
  if (sizes) {
    const auto each = ir::constant_ints(graph, split.inputs[1]);
    if (!each || each->size() != count ||
        std::any_of(each->begin(), each->end(), [&](int64_t s) { return s < 1 || s != each->front(); }))
      return std::nullopt;
  }
  const int64_t at = axis->front() + (axis->front() < 0 ? static_cast<int64_t>(shape.rank()) : 0);
  return at < 0 || at >= static_cast<int64_t>(shape.rank()) ? std::nullopt : std::optional(static_cast<size_t>(at));
}

}  // namespace

/// Split → a convolution of each part → ConcatV2 is one convolution in groups.
void join_groups(PassContext& context) {
  Graph& graph = context.graph;
  const auto readers = graph.readers();
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead || graph.nodes[i].op != "tf/ConcatV2" || graph.nodes[i].inputs.size() < 3) continue;
    const std::vector<Edge> parts(graph.nodes[i].inputs.begin(), graph.nodes[i].inputs.end() - 1);
    const auto axis = ir::constant_ints(graph, graph.nodes[i].inputs.back());
    std::vector<Group> groups;
    for (const Edge& edge : parts) {
      const auto one = group(graph, readers, edge);
      if (!one || (!groups.empty() && !alike(graph, groups.front(), *one))) break;
      const Edge from = graph.at(one->conv).inputs[0];
      const bool next = from.port == static_cast<int32_t>(groups.size()) &&
                        (groups.empty() || from.node == graph.at(groups.front().conv).inputs[0].node);
      if (!next) break;
      groups.push_back(*one);
    }
    if (groups.size() != parts.size() || !axis || axis->size() != 1) continue;
    const Node& conv = graph.at(groups.front().conv);
    Edge whole;
    const auto cut = split_axis(graph, graph.at(conv.inputs[0].node), groups.size(), whole);
    const auto rank = static_cast<int64_t>(graph.type(whole).shape.has_rank() ? graph.type(whole).shape.rank() : 0);
    const int64_t channel = channels_first(conv) ? 1 : rank - 1;
    if (!cut || static_cast<int64_t>(*cut) != channel || axis->front() + (axis->front() < 0 ? rank : 0) != channel) continue;

    const std::string name = graph.nodes[i].name;
    std::vector<Edge> kernels, biases;
    for (const Group& one : groups) {
      kernels.push_back(graph.at(one.conv).inputs[1]);
      if (one.bias != no_node) biases.push_back(graph.at(one.bias).inputs[1]);
    }
    Node grouped = graph.at(groups.front().conv);
    grouped.name = biases.empty() ? name : name + "/grouped";
    grouped.inputs = {whole, joined(graph, kernels, name + "/kernel")};
    Edge result{graph.add(std::move(grouped)), 0};
    if (!biases.empty()) {
      Node add = graph.at(groups.front().bias);
      add.name = name;
      add.inputs = {result, joined(graph, biases, name + "/bias")};
      result = {graph.add(std::move(add)), 0};
    }
    rewire.set({static_cast<NodeId>(i), 0}, result);
  }
  rewire.apply();
}

}  // namespace keraft::normalise
