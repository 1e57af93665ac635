#include <algorithm>

#include "base/string.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// A power of two near Keras' own: variance + epsilon is 1 without rounding.
constexpr double epsilon = 1.0 / 1024;

/// Exporters that fold a normalisation into the weights before it leave its name on the addition of the new bias.
bool named_after_norm(const Graph& graph, const Node& add) {
  const std::vector<std::string> parts = base::split(base::lower(add.name), '/');
  const std::string& own = parts.back();
  const std::string scope = parts.size() > 1 ? parts[parts.size() - 2] : std::string();
  const auto in = [](const std::string& name, const char* mark) { return name.find(mark) != std::string::npos; };
  if (in(own, "batchnorm") || (!own.starts_with("biasadd") && (in(scope, "batchnorm") || scope.starts_with("batch_norm"))))
    return true;
  return std::any_of(add.inputs.begin(), add.inputs.end(), [&](const Edge& edge) {
    return ir::is_constant(graph, edge) && base::lower(graph.at(edge.node).name).ends_with("_bn_offset");
  });
}

Edge vector(Graph& graph, const std::string& name, int64_t channels, float value) {
  const std::vector<float> values(static_cast<size_t>(channels), value);
  return ir::add_constant(graph, name, make_tensor<float>(DType::f32, {channels}, values));
}

/// An inference normalisation that changes nothing: gamma and variance + epsilon are 1, the rest 0.
Edge identity_norm(Graph& graph, Edge x, const std::string& name, int64_t channels, const Node& conv) {
  Node norm;
  norm.name = name;
  norm.op = "tf/FusedBatchNormV3";
  norm.attrs = {{"T", DType::f32}, {"U", DType::f32}, {"epsilon", epsilon}, {"is_training", false}};
  const auto format = conv.attrs.find("data_format");
  if (format != conv.attrs.end()) norm.attrs["data_format"] = format->second;
  norm.inputs = {x, vector(graph, name + "/gamma", channels, 1), vector(graph, name + "/beta", channels, 0),
                 vector(graph, name + "/moving_mean", channels, 0),
                 vector(graph, name + "/moving_variance", channels, 1 - static_cast<float>(epsilon))};
  return {graph.add(std::move(norm)), 0};
}

}  // namespace

/// A convolution whose normalisation an exporter folded into it: said in the report, or put back as one that changes nothing.
void folded_norms(PassContext& context) {
  Graph& graph = context.graph;
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const Node& add = graph.nodes[i];
    const bool adds = add.op == "tf/BiasAdd" || add.op == "tf/Add" || add.op == "tf/AddV2";
    if (add.dead || !adds || add.inputs.size() != 2 || !named_after_norm(graph, add)) continue;
    const auto convolution = std::find_if(add.inputs.begin(), add.inputs.end(), [&](const Edge& edge) {
      const std::string& op = graph.at(edge.node).op;
      return op == "tf/Conv2D" || op == "tf/DepthwiseConv2dNative";
    });
    if (convolution == add.inputs.end()) continue;
    const Node conv = graph.at(convolution->node);
    const Edge bias = add.inputs[convolution == add.inputs.begin() ? 1 : 0];
    const Tensor* values = ir::constant(graph, bias);
    if (!values || values->dtype != DType::f32) continue;
    const std::string name = conv.name;
    if (!context.unfold_norms) {
      context.lossy.emplace_back(name, "the exporter folded a batch normalisation into it; it stays folded (--unfold-bn)");
      continue;
    }
    const auto self = static_cast<NodeId>(i);
    const TensorType type = graph.type({self, 0});
    const Edge norm = identity_norm(graph, {self, 0}, add.name + "/unfolded", values->elements(), conv);
    graph.at(norm.node).outputs = {type};
    for (size_t k = 0; k < count; ++k) {
      for (Edge& edge : graph.nodes[k].inputs) {
        if (edge == Edge{self, 0}) edge = norm;
      }
    }
    for (Port& port : graph.outputs) {
      if (port.edge == Edge{self, 0}) port.edge = norm;
    }
    context.lossy.emplace_back(name, "the exporter folded a batch normalisation into it; one that changes nothing follows it");
  }
}

}  // namespace keraft::normalise
