// Small graphs of raw ops for tests.
#pragma once

#include <cmath>

#include "ir/constant.h"
#include "keraft/model.hpp"
#include "keraft/run.hpp"

namespace keraft::test {

/// Numbers in -1…1, the same in every run.
inline std::vector<float> numbers(size_t count, unsigned seed) {
  std::vector<float> out(count);
  uint32_t state = seed * 2654435761U + 1;
  for (float& value : out) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / 8388608.0F - 1;
  }
  return out;
}

struct Net {
  Model model;
  unsigned seed = 1;

  Edge input(const std::string& name, Shape shape, DType dtype = DType::f32) {
    Node node;
    node.name = name;
    node.op = "ir/Input";
    node.outputs = {{dtype, std::move(shape)}};
    const Edge edge{model.graph.add(std::move(node)), 0};
    model.graph.inputs.push_back({name, edge});
    return edge;
  }
  Edge weight(std::vector<int64_t> dims) {
    const auto values = numbers(static_cast<size_t>(element_count(dims)), ++seed);
    return constant(make_tensor<float>(DType::f32, std::move(dims), values));
  }
  /// Between 0.5 and 1.5.
  Edge positive(std::vector<int64_t> dims) {
    auto values = numbers(static_cast<size_t>(element_count(dims)), ++seed);
    for (float& value : values) value = 1 + value / 2;
    return constant(make_tensor<float>(DType::f32, std::move(dims), std::span<const float>(values)));
  }
  Edge constant(Tensor value) {
    return ir::add_constant(model.graph, "const" + std::to_string(model.graph.nodes.size()), std::move(value));
  }
  Edge ints(const std::vector<int64_t>& values) {
    return ir::add_ints(model.graph, "const" + std::to_string(model.graph.nodes.size()), values);
  }
  Edge op(const std::string& name, const std::string& op, std::vector<Edge> inputs, Dict attrs = {}) {
    Node node;
    node.name = name;
    node.op = "tf/" + op;
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    return {model.graph.add(std::move(node)), 0};
  }
  void output(const std::string& name, Edge edge) { model.graph.outputs.push_back({name, edge}); }
};

inline Array random_array(std::vector<int64_t> dims, unsigned seed = 99) {
  Array out = make_array(DType::f32, std::move(dims));
  const auto values = numbers(static_cast<size_t>(out.elements()), seed);
  std::copy(values.begin(), values.end(), out.as<float>());
  return out;
}

/// The largest distance, divided by the largest magnitude.
inline double distance(const Array& a, const Array& b) {
  if (a.dims != b.dims) return HUGE_VAL;
  double most = 0, scale = 1e-30;
  for (int64_t i = 0; i < a.elements(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a.as<float>()[i]) - static_cast<double>(b.as<float>()[i])));
    scale = std::max(scale, std::abs(static_cast<double>(a.as<float>()[i])));
  }
  return most / scale;
}

inline Dict conv_attrs(int64_t stride, const char* padding) {
  return {{"strides", Value::ints({1, stride, stride, 1})}, {"padding", padding}};
}

/// conv → bias → batch norm → relu, twice, with a residual; then depthwise, pool, dense.
inline Net residual_net() {
  Net net;
  const Dim batch = Dim::symbol("B");
  const Edge x = net.input("x", Shape{batch, 9, 9, 3});
  const Edge a = net.op("conv1", "Conv2D", {x, net.weight({3, 3, 3, 8})}, conv_attrs(1, "SAME"));
  const Edge b = net.op("bias1", "BiasAdd", {a, net.weight({8})});
  const Edge c = net.op("bn1", "FusedBatchNormV3", {b, net.positive({8}), net.weight({8}), net.weight({8}), net.positive({8})},
                        {{"is_training", false}, {"epsilon", 0.001}});
  const Edge d = net.op("relu1", "Relu6", {c});
  const Edge e = net.op("conv2", "Conv2D", {d, net.weight({1, 1, 8, 8})}, conv_attrs(1, "VALID"));
  const Edge f = net.op("scale2", "Mul", {e, net.positive({1, 1, 1, 8})});
  const Edge g = net.op("sum", "AddV2", {d, f});
  const Edge h = net.op("relu2", "Relu", {g});
  const Edge i = net.op("depthwise", "DepthwiseConv2dNative", {h, net.weight({3, 3, 8, 2})}, conv_attrs(2, "SAME"));
  const Edge j = net.op("shift", "Sub", {i, net.weight({16})});
  const Edge k = net.op("mean", "Mean", {j, net.ints({1, 2})});
  const Edge l = net.op("dense", "MatMul", {k, net.weight({5, 16})}, {{"transpose_b", true}});
  const Edge m = net.op("dense_bias", "Add", {net.weight({5}), l});
  net.output("y", net.op("out", "Relu", {m}));
  return net;
}

}  // namespace keraft::test
