#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// Freezing leaves the read of a variable behind as an identity: "w/read", "dense/MatMul/ReadVariableOp".
bool reads_variable(const Node& reader, const Node& constant) {
  return reader.op == "tf/Identity" &&
         (reader.name == constant.name + "/read" || reader.name.find("ReadVariableOp") != std::string::npos);
}

}  // namespace

/// Constants that were variables before the graph was frozen become variables again.
void frozen_variables(PassContext& context) {
  Graph& graph = context.graph;
  const auto readers = graph.readers();
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    if (node.dead || node.op != "tf/Const" || readers[i].empty()) continue;
    const auto value = node.attrs.find("value");
    const Tensor* tensor = value == node.attrs.end() ? nullptr : value->second.get<Tensor>();
    if (!tensor || !is_floating(tensor->dtype)) continue;
    bool all = true;
    for (const NodeId reader : readers[i]) all = all && reads_variable(graph.at(reader), node);
    if (!all) continue;
    Weight weight;
    weight.name = node.name;
    weight.value = *tensor;
    weight.variable = true;
    weight.key = node.name;
    weight.evidence.push_back("frozen variable " + node.name + ", read by " + graph.at(readers[i].front()).name);
    node.op = "ir/Weight";
    node.weight = static_cast<int32_t>(graph.weights.size());
    node.outputs = {{tensor->dtype, Shape::of(tensor->dims)}};
    node.attrs.clear();
    graph.weights.push_back(std::move(weight));
  }
}

}  // namespace keraft::normalise
