#include <catch2/catch.hpp>

#include "cards/infer.h"
#include "ir/constant.h"
#include "keraft/run.hpp"
#include "normalise/normalise.h"

using namespace keraft;

namespace {

Dim open_batch() { return Dim::symbol("B"); }

/// Numbers that differ everywhere, without a pattern that an exchange of axes keeps.
std::vector<float> numbers(int64_t count, float scale = 1) {
  std::vector<float> out;
  uint32_t state = 12345;
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    out.push_back(scale * (static_cast<float>(state >> 8) / 8388608.0F - 1));
  }
  return out;
}

struct LayoutNet {
  Graph graph;
  std::vector<std::pair<std::string, std::string>> lossy;
  std::set<std::string> relaid;

  std::string name(const std::string& kind) { return kind + std::to_string(graph.nodes.size()); }
  Edge input(Shape shape) {
    Node node;
    node.name = name("x");
    node.op = "ir/Input";
    node.outputs = {{DType::f32, std::move(shape)}};
    const Edge edge{graph.add(std::move(node)), 0};
    graph.inputs.push_back({graph.at(edge.node).name, edge});
    return edge;
  }
  Edge op(const std::string& kind, std::vector<Edge> inputs, Dict attrs = {}) {
    Node node;
    node.name = name(kind);
    node.op = "tf/" + kind;
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    return {graph.add(std::move(node)), 0};
  }
  Edge tensor(std::vector<int64_t> dims, float scale = 1) {
    const auto values = numbers(element_count(dims), scale);
    return ir::add_constant(graph, name("c"), make_tensor<float>(DType::f32, std::move(dims), values));
  }
  Edge positive(int64_t count) {
    auto values = numbers(count);
    for (float& value : values) value = 1.5F + value;
    return ir::add_constant(graph, name("c"), make_tensor<float>(DType::f32, {count}, values));
  }
  Edge ints(const std::vector<int64_t>& values) { return ir::add_ints(graph, name("i"), values); }
  Edge table(const std::vector<int32_t>& values) {
    return ir::add_constant(graph, name("i"),
                            make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size() / 2), 2}, values));
  }
  Edge conv(Edge x, std::vector<int64_t> filter, int64_t stride = 1) {
    return op("Conv2D", {x, tensor(std::move(filter), 0.3F)},
              {{"strides", Value::ints({1, 1, stride, stride})},
               {"padding", "SAME"},
               {"dilations", Value::ints({1, 1, 1, 1})},
               {"data_format", "NCHW"}});
  }
  Edge pool(Edge x) {
    return op("MaxPool", {x},
              {{"ksize", Value::ints({1, 1, 3, 2})},
               {"strides", Value::ints({1, 1, 2, 1})},
               {"padding", "VALID"},
               {"data_format", "NCHW"}});
  }

  std::vector<Array> outputs(const std::vector<Edge>& edges) {
    for (size_t i = 0; i < edges.size(); ++i) graph.outputs.push_back({"y" + std::to_string(i), edges[i]});
    return run();
  }
  std::vector<Array> run() const {
    Model model;
    model.graph = graph;
    Runner runner(model);
    std::map<std::string, Array> in;
    for (const Port& port : graph.inputs) {
      std::vector<int64_t> dims;
      const Shape shape = graph.type(port.edge).shape;
      for (const Dim& dim : shape.dims()) dims.push_back(dim.known() ? dim.value() : 2);
      Array array = make_array(DType::f32, dims);
      const auto values = numbers(array.elements());
      std::copy(values.begin(), values.end(), array.as<float>());
      in.emplace(port.name, array);
    }
    const auto results = runner.run(in);
    std::vector<Array> out;
    for (const Port& port : graph.outputs) out.push_back(results.at(port.name));
    return out;
  }
  void turn(bool keep = false) {
    const Control control;
    infer_types(graph, Registry::builtin(), control);
    normalise::PassContext context{graph, Registry::builtin(), control, false, lossy, keep, false, &relaid};
    normalise::channels_last(context);
    graph.prune();
  }
  int count(const std::string& op) const {
    const auto same = [&](const Node& node) { return !node.dead && node.op == op; };
    return static_cast<int>(std::count_if(graph.nodes.begin(), graph.nodes.end(), same));
  }
  int channels_first() const {
    const auto first = [](const Node& node) {
      const auto format = node.attrs.find("data_format");
      return !node.dead && format != node.attrs.end() && format->second == Value("NCHW");
    };
    return static_cast<int>(std::count_if(graph.nodes.begin(), graph.nodes.end(), first));
  }
};

void check_same(const std::vector<Array>& a, const std::vector<Array>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].dims == b[i].dims);
    float off = 0, largest = 0;
    for (int64_t k = 0; k < a[i].elements(); ++k) {
      off = std::max(off, std::abs(a[i].as<float>()[k] - b[i].as<float>()[k]));
      largest = std::max(largest, std::abs(a[i].as<float>()[k]));
    }
    CHECK(largest > 0);
    CHECK(off <= 2e-6F * largest);
  }
}

/// Turns the net around: it computes the same, nothing has its channels first, and so many transposes are left.
void check_turned(LayoutNet& net, const std::vector<Edge>& edges, int transposes) {
  const auto before = net.outputs(edges);
  net.turn();
  CHECK(net.channels_first() == 0);
  CHECK(net.count("tf/Transpose") == transposes);
  check_same(before, net.run());
}

}  // namespace

TEST_CASE("a stack of convolutions is turned around between its ends") {
  LayoutNet net;
  const Edge x = net.input(Shape{open_batch(), 3, 9, 7});
  Edge h = net.conv(x, {3, 2, 3, 4}, 2);
  h = net.op("BiasAdd", {h, net.tensor({4})}, {{"data_format", "NCHW"}});
  h = net.op("FusedBatchNormV3", {h, net.tensor({4}), net.tensor({4}), net.tensor({4}), net.positive(4)},
             {{"is_training", false}, {"data_format", "NCHW"}, {"epsilon", 0.01}});
  h = net.op("Relu", {h});
  h = net.op("Pad", {h, net.table({0, 0, 0, 0, 1, 2, 0, 1})});
  h = net.pool(h);
  h = net.op("DepthwiseConv2dNative", {h, net.tensor({2, 2, 4, 2})},
             {{"strides", Value::ints({1, 1, 1, 1})},
              {"padding", "EXPLICIT"},
              {"explicit_paddings", Value::ints({0, 0, 0, 0, 1, 0, 2, 1})},
              {"data_format", "NCHW"}});
  check_turned(net, {h}, 2);
  CHECK(net.lossy.size() == 1);
  CHECK(net.relaid.contains(net.graph.at(h.node).name));
}

TEST_CASE("what a source transposes itself is not transposed again") {
  LayoutNet net;
  const Edge x = net.input(Shape{open_batch(), 9, 7, 3});
  Edge h = net.op("Transpose", {x, net.ints({0, 3, 1, 2})});
  h = net.conv(h, {3, 2, 3, 4});
  h = net.op("Transpose", {h, net.ints({0, 2, 3, 1})});
  check_turned(net, {h}, 0);
}

TEST_CASE("branches, joins, reductions and cuts number the axes anew") {
  LayoutNet net;
  const Edge x = net.input(Shape{open_batch(), 3, 8, 6});
  const Edge a = net.conv(x, {1, 1, 3, 4}), b = net.conv(x, {3, 3, 3, 4});
  Edge h = net.op("ConcatV2", {net.op("AddV2", {a, b}), net.op("Neg", {a}), net.ints({1})});
  net.graph.at(net.graph.at(h.node).inputs[2].node).attrs["value"] =
      make_tensor<int32_t>(DType::i32, {}, std::vector<int32_t>{1});
  h = net.conv(h, {1, 1, 8, 6});
  const Edge split = net.op("Split", {net.ints({1}), h}, {{"num_split", 3}});
  net.graph.at(net.graph.at(split.node).inputs[0].node).attrs["value"] =
      make_tensor<int32_t>(DType::i32, {}, std::vector<int32_t>{-3});
  const Edge part = net.op("Slice", {{split.node, 2}, net.ints({0, 1, 2, 0}), net.ints({-1, 1, 5, -1})});
  const Edge tiled = net.op("Tile", {part, net.ints({1, 2, 1, 3})});
  const Edge mean = net.op("Mean", {h, net.ints({2, 3})});
  const Edge over_channels = net.op("Max", {h, net.ints({1})}, {{"keep_dims", true}});
  const Edge gone = net.op("Sum", {h, net.ints({-3})});
  // Rows and columns swap their places with the channels: turned back first.
  const Edge rows = net.op("Sum", {h, net.ints({2})});
  check_turned(net, {tiled, mean, over_channels, gone, rows}, 4);
}

TEST_CASE("what is broadcast with an image follows it") {
  LayoutNet net;
  const Edge x = net.input(Shape{open_batch(), 3, 5, 6});
  const Edge h = net.conv(x, {3, 3, 3, 4});
  const Edge squeezed = net.op("Mean", {h, net.ints({2, 3})}, {{"keep_dims", true}});
  const Edge excited = net.op("Sigmoid", {net.conv(squeezed, {1, 1, 4, 4})});
  Edge y = net.op("Mul", {h, excited});
  y = net.op("AddV2", {y, net.tensor({4, 1, 1})});
  y = net.op("Mul", {net.tensor({6}), y});
  y = net.op("Sub", {y, net.tensor({})});
  y = net.op("AddV2", {y, net.tensor({4, 5, 6})});
  y = net.op("AddV2", {y, net.tensor({1, 4, 1, 6})});
  // Constants are transposed too; view_weights sees through that.
  check_turned(net, {y}, 4);
}

TEST_CASE("what reads the order of the elements gets the source's") {
  LayoutNet net;
  const Edge x = net.input(Shape{open_batch(), 3, 5, 6});
  const Edge h = net.conv(x, {3, 3, 3, 4});
  const Edge flat = net.op("Reshape", {h, net.ints({-1, 120})});
  const Edge one = net.op("Mean", {h, net.ints({2, 3})}, {{"keep_dims", true}});
  const Edge vector = net.op("Reshape", {net.conv(one, {1, 1, 4, 7}), net.ints({-1, 7})});
  const Edge squeezed = net.op("Squeeze", {one}, {{"squeeze_dims", Value::ints({2, 3})}});
  const Edge soft = net.op("Softmax", {h});
  check_turned(net, {flat, vector, squeezed, soft}, 2);
}

TEST_CASE("channels stay first when they shall, and where nothing has them first nothing changes") {
  LayoutNet net;
  const Edge y = net.conv(net.input(Shape{open_batch(), 3, 5, 6}), {3, 3, 3, 4});
  net.graph.outputs = {{"y", y}};
  net.turn(true);
  CHECK(net.channels_first() == 1);
  CHECK(net.count("tf/Transpose") == 0);
  CHECK(net.lossy.size() == 1);

  LayoutNet plain;
  const Edge x = plain.input(Shape{open_batch(), 3, 5, 6});
  plain.graph.outputs = {{"y", plain.op("Relu", {plain.op("Transpose", {x, plain.ints({0, 3, 1, 2})})})}};
  const std::string before = plain.graph.print();
  const size_t nodes = plain.graph.nodes.size();
  plain.turn();
  CHECK(plain.graph.nodes.size() == nodes);
  CHECK(plain.lossy.empty());
}

TEST_CASE("an identity normalisation behind a folded one changes nothing") {
  const bool first = GENERATE(false, true);
  const auto build = [&](LayoutNet& net) {
    const Edge x = net.input(first ? Shape{open_batch(), 3, 5, 6} : Shape{open_batch(), 5, 6, 3});
    const std::string format = first ? "NCHW" : "NHWC";
    const Edge h = net.op("Conv2D", {x, net.tensor({3, 3, 3, 4})},
                          {{"strides", Value::ints({1, 1, 1, 1})}, {"padding", "SAME"}, {"data_format", format}});
    const Edge y = net.op("BiasAdd", {h, net.tensor({4})}, {{"data_format", format}});
    net.graph.at(y.node).name = "net/bn/FusedBatchNormV3";
    return net.outputs({net.op("Relu", {y})});
  };
  for (const bool unfold : {false, true}) {
    LayoutNet net;
    const auto before = build(net);
    const Control control;
    infer_types(net.graph, Registry::builtin(), control);
    normalise::PassContext context{net.graph, Registry::builtin(), control, false, net.lossy, false, unfold};
    normalise::folded_norms(context);
    CHECK(net.lossy.size() == 1);
    CHECK(net.count("tf/FusedBatchNormV3") == (unfold ? 1 : 0));
    const auto after = net.run();
    REQUIRE(after[0].elements() == before[0].elements());
    CHECK(std::equal(before[0].as<float>(), before[0].as<float>() + before[0].elements(), after[0].as<float>()));
  }
}
