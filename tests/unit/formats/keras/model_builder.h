// Small Keras graphs for the tests of this folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::formats::testing {

class ModelBuilder {
 public:
  Graph graph;

  Edge input(const std::string& name, Shape shape) {
    Node node;
    node.name = name;
    node.op = "ir/Input";
    node.outputs = {{DType::f32, std::move(shape)}};
    const NodeId id = graph.add(std::move(node));
    graph.inputs.push_back({name, {id, 0}});
    return {id, 0};
  }

  /// Weights get values that differ from tensor to tensor.
  int32_t layer(const std::string& cls, const std::string& name, Dict config = {},
                const std::vector<std::pair<std::string, std::vector<int64_t>>>& slots = {}, bool trainable = true) {
    Layer out;
    out.name = name;
    out.cls = cls;
    out.config = std::move(config);
    out.trainable = trainable;
    for (const auto& [slot, dims] : slots) {
      std::vector<float> values(static_cast<size_t>(element_count(dims)));
      for (float& value : values) value = next_ += 0.5F;
      out.slots.push_back({slot, -1, make_tensor<float>(DType::f32, dims, values)});
    }
    graph.layers.push_back(std::move(out));
    return static_cast<int32_t>(graph.layers.size() - 1);
  }

  int32_t dense(const std::string& name, int64_t units, bool trainable = true) {
    return layer("Dense", name, {{"units", units}}, {{"kernel", {units, units}}, {"bias", {units}}}, trainable);
  }

  Edge call(int32_t layer, std::vector<Edge> inputs) {
    Node node;
    node.name = "call" + std::to_string(graph.nodes.size());
    node.op = "keras/" + graph.layers[static_cast<size_t>(layer)].cls;
    node.layer = layer;
    node.inputs = std::move(inputs);
    return {graph.add(std::move(node)), 0};
  }

  void output(Edge edge) { graph.outputs.push_back({graph.at(edge.node).name, edge}); }

  /// conv → batch norm (frozen) → flatten → dense.
  static Graph stack() {
    ModelBuilder m;
    Edge x = m.input("x", {Dim::symbol("B"), 4, 4, 2});
    x = m.call(m.layer("Conv2D", "conv", {{"filters", 3}, {"kernel_size", List{3, 3}}, {"padding", "same"}},
                       {{"kernel", {3, 3, 2, 3}}, {"bias", {3}}}),
               {x});
    x = m.call(m.layer("BatchNormalization", "bn", {},
                       {{"gamma", {3}}, {"beta", {3}}, {"moving_mean", {3}}, {"moving_variance", {3}}}, false),
               {x});
    x = m.call(m.layer("Flatten", "flat"), {x});
    x = m.call(m.layer("Dense", "fc", {{"units", 5}}, {{"kernel", {48, 5}}, {"bias", {5}}}), {x});
    m.output(x);
    return std::move(m.graph);
  }

  /// Two inputs, two outputs, one layer called twice, same-shaped dense layers at different depths.
  static Graph branches() {
    ModelBuilder m;
    const Edge a = m.input("a", {Dim::symbol("B"), 6}), b = m.input("b", {Dim::symbol("B"), 6});
    const int32_t late = m.dense("late", 6), shared = m.dense("shared", 6), frozen = m.dense("frozen", 6, false),
                  deep = m.dense("deep", 6);
    const Edge left = m.call(frozen, {m.call(deep, {m.call(shared, {a})})});
    const Edge sum = m.call(m.layer("Add", "sum"), {left, m.call(shared, {b})});
    m.output(m.call(m.layer("Concatenate", "cat", {{"axis", -1}}), {sum, m.call(late, {b})}));
    m.output(sum);
    return std::move(m.graph);
  }

 private:
  float next_ = 0;
};

}  // namespace keraft::formats::testing
