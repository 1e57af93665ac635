#include <catch2/catch.hpp>

#include "ir/constant.h"
#include "normalise/normalise.h"

using namespace keraft;

namespace {

struct Net {
  Graph graph;
  std::map<std::string, Edge> edges;
  std::vector<std::pair<std::string, std::string>> lossy;
  Control control;

  Edge input(const std::string& name, Shape shape) {
    Node node;
    node.name = name;
    node.op = "ir/Input";
    node.outputs = {{DType::f32, std::move(shape)}};
    const Edge edge{graph.add(std::move(node)), 0};
    graph.inputs.push_back({name, edge});
    return edge;
  }
  Edge op(const std::string& name, const std::string& kind, std::vector<Edge> inputs, Dict attrs = {}) {
    Node node;
    node.name = name;
    node.op = "tf/" + kind;
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    return {graph.add(std::move(node)), 0};
  }
  Edge ints(const std::vector<int64_t>& values) {
    return ir::add_ints(graph, "c" + std::to_string(graph.nodes.size()), values);
  }
  Edge table(const std::vector<int32_t>& values) {
    return ir::add_constant(graph, "c" + std::to_string(graph.nodes.size()),
                            make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size() / 2), 2}, values));
  }
  Edge real(float value) {
    return ir::add_constant(graph, "c" + std::to_string(graph.nodes.size()),
                            make_tensor<float>(DType::f32, {}, std::span(&value, 1)));
  }
  void output(Edge edge) { graph.outputs = {{"y", edge}}; }
  void resolve(bool infer = false) { normalise::resolve({graph, Registry::builtin(), control, infer, lossy}); }
  void simplify() { normalise::simplify({graph, Registry::builtin(), control, false, lossy}); }
  const Node& result() const { return graph.at(graph.outputs[0].edge.node); }
};

Dim batch() { return Dim::symbol("B"); }

}  // namespace

TEST_CASE("a training switch takes the inference side whatever the order of Merge's inputs") {
  const bool flipped = GENERATE(false, true);
  Net net;
  const Edge x = net.input("x", Shape{batch(), 3});
  const Edge flag =
      net.op("learning_phase", "PlaceholderWithDefault",
             {ir::add_constant(net.graph, "no", make_tensor<uint8_t>(DType::boolean, {}, std::vector<uint8_t>{0}))},
             {{"dtype", DType::boolean}});
  const Edge split = net.op("switch", "Switch", {x, flag});
  const Edge train = net.op("train", "Neg", {{split.node, 1}}), infer = net.op("infer", "Relu", {split});
  net.output(net.op("merge", "Merge", flipped ? std::vector{train, infer} : std::vector{infer, train}));
  net.resolve();
  CHECK(net.result().name == "infer");
  CHECK(net.result().inputs[0] == x);
}

TEST_CASE("dropout of every age becomes a mark with its rate") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 3});
  const Edge shape = net.op("shape", "Shape", {x});
  const Edge noise = net.op("noise", "RandomUniform", {shape}, {{"dtype", DType::f32}, {"T", DType::i32}});
  SECTION("floor(keep_prob + noise), TensorFlow 1.0") {
    const Edge keep = net.real(0.75F);
    net.output(
        net.op("drop", "Mul",
               {net.op("scaled", "RealDiv", {x, keep}), net.op("mask", "Floor", {net.op("sum", "Add", {keep, noise})})}));
  }
  SECTION("cast(noise >= rate), TensorFlow 1.15") {
    const Edge mask = net.op("mask", "Cast", {net.op("ge", "GreaterEqual", {noise, net.real(0.25F)})}, {{"DstT", DType::f32}});
    net.output(net.op("drop", "Mul", {net.op("scaled", "Mul", {x, net.real(1 / 0.75F)}), mask}));
  }
  SECTION("select(noise >= rate), TensorFlow 2.15") {
    const Edge mask = net.op("ge", "GreaterEqual", {noise, net.real(0.25F)});
    net.output(net.op("drop", "SelectV2", {mask, net.op("scaled", "Mul", {x, net.real(1 / 0.75F)}), net.real(0)}));
  }
  net.resolve();
  CHECK(net.result().op == "ir/Dropout");
  CHECK(net.result().inputs[0] == x);
  CHECK(net.result().attrs.at("rate") == Value(0.25));
}

TEST_CASE("a dropout whose mask has one step shares it") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 5, 3});
  const Edge first =
      net.op("first", "StridedSlice", {net.op("shape", "Shape", {x}), net.ints({0}), net.ints({1}), net.ints({1})},
             {{"shrink_axis_mask", 1}});
  const auto scalar = [&](int32_t value) {
    return ir::add_constant(net.graph, "s" + std::to_string(value), make_tensor<int32_t>(DType::i32, {}, std::span(&value, 1)));
  };
  const Edge sizes = net.op("sizes", "Pack", {first, scalar(1), scalar(3)}, {{"N", 3}});
  const Edge noise = net.op("noise", "RandomUniform", {sizes}, {{"dtype", DType::f32}, {"T", DType::i32}});
  const Edge mask = net.op("ge", "GreaterEqual", {noise, net.real(0.25F)});
  net.output(net.op("drop", "SelectV2", {mask, net.op("scaled", "Mul", {x, net.real(1 / 0.75F)}), net.real(0)}));
  net.resolve();
  REQUIRE(net.result().op == "ir/Dropout");
  CHECK(net.result().attrs.at("shared") == Value::ints({1}));
}

TEST_CASE("normal noise becomes a mark, unless something else is computed with it") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 3});
  const Edge drawn = net.op("drawn", "RandomStandardNormal", {net.op("shape", "Shape", {x})}, {{"dtype", DType::f32}});
  const auto normal = [&](float mean, float deviation) {
    const std::string name = std::to_string(net.graph.nodes.size());
    return net.op("n" + name, "AddV2", {net.op("m" + name, "Mul", {drawn, net.real(deviation)}), net.real(mean)});
  };
  SECTION("added") {
    net.output(net.op("y", "AddV2", {x, normal(0, 0.5F)}));
    net.resolve();
    REQUIRE(net.result().op == "ir/GaussianNoise");
    CHECK(net.result().attrs.at("stddev") == Value(0.5));
    CHECK(net.result().inputs[0] == x);
  }
  SECTION("multiplied") {
    net.output(net.op("y", "Mul", {normal(1, 0.5F), x}));
    net.resolve();
    REQUIRE(net.result().op == "ir/GaussianDropout");
    CHECK(net.result().attrs.at("rate") == Value(0.2));
  }
  SECTION("multiplied around 0: a sample") {
    net.output(net.op("y", "Mul", {normal(0, 0.5F), x}));
    net.resolve();
    CHECK(net.result().op == "tf/Mul");
  }
  SECTION("added with another mean") {
    net.output(net.op("y", "AddV2", {x, normal(2, 0.5F)}));
    net.resolve();
    CHECK(net.result().op == "tf/AddV2");
  }
  SECTION("scaled by what is computed: a variational sample") {
    net.output(net.op("y", "AddV2", {x, net.op("p", "Mul", {net.op("e", "Exp", {x}), normal(0, 0.5F)})}));
    net.resolve();
    CHECK(net.result().op == "tf/AddV2");
  }
}

TEST_CASE("a product that is no dropout stays") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 3});
  const Edge mask = net.op("mask", "Cast", {net.op("ge", "GreaterEqual", {x, net.real(0.25F)})}, {{"DstT", DType::f32}});
  net.output(net.op("y", "Mul", {net.op("scaled", "Mul", {x, net.real(2)}), mask}));
  net.resolve();
  CHECK(net.result().op == "tf/Mul");
}

TEST_CASE("a chain of sizes leaves a constant shape with one open size") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 5, 3});
  const Edge shape = net.op("shape", "Shape", {x});
  const Edge first =
      net.op("first", "StridedSlice", {shape, net.ints({0}), net.ints({1}), net.ints({1})}, {{"shrink_axis_mask", 1}});
  const Edge all = net.op("all", "Pack", {first, net.op("n", "Prod", {net.ints({5, 3}), net.ints({0})})}, {{"N", 2}});
  net.output(net.op("flat", "Reshape", {x, all}));
  net.simplify();
  CHECK(ir::constant_ints(net.graph, net.result().inputs[1]) == std::vector<int64_t>{-1, 15});
  CHECK(net.result().outputs[0].shape == Shape{batch(), 15});
}

TEST_CASE("rows of all steps become steps again where layers would want them, and not for products alone") {
  for (const bool sum : {true, false}) {
    Net net;
    const Edge x = net.input("x", Shape{batch(), 5, 3});
    const Edge rows = net.op("rows", "Reshape", {x, net.ints({-1, 3})});
    const Edge product = net.op("product", "MatMul", {rows, net.input("w", Shape{3, 3})});
    const Edge y = sum ? net.op("sum", "AddV2", {product, rows}) : product;
    net.output(net.op("y", "Reshape", {y, net.ints({-1, 5, 3})}));
    net.simplify();
    CHECK(net.result().op == (sum ? "tf/AddV2" : "tf/Reshape"));
    CHECK(net.result().outputs[0].shape == Shape{batch(), 5, 3});
  }
}

TEST_CASE("what else reads the rows gets them as a matrix") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 5, 3});
  const Edge rows = net.op("rows", "Reshape", {x, net.ints({-1, 3})});
  const Edge sum = net.op("sum", "AddV2", {rows, net.op("t", "Tanh", {rows})});
  net.output(net.op("y", "Mean", {sum, net.ints({0})}, {{"keep_dims", true}}));
  net.simplify();
  REQUIRE(net.result().op == "tf/Mean");
  CHECK(net.graph.at(net.result().inputs[0].node).op == "tf/Reshape");
  CHECK(net.result().outputs[0].shape == Shape{1, 3});
}

TEST_CASE("depth to space of known sizes is spelled as reshapes; of open sizes it stays") {
  for (const bool known : {true, false}) {
    Net net;
    const Edge x = net.input("x", known ? Shape{batch(), 5, 3, 12} : Shape{batch(), batch(), 3, 12});
    net.output(net.op("big", "DepthToSpace", {x}, {{"block_size", 2}}));
    net.simplify();
    CHECK(net.result().op == (known ? "tf/Reshape" : "tf/DepthToSpace"));
    if (known) CHECK(net.result().outputs[0].shape == Shape{batch(), 10, 6, 3});
  }
}

TEST_CASE("space to batch around a convolution is its dilation, only where the paddings say so") {
  struct Case {
    std::vector<int32_t> pads, crops;
    const char* padding;
  };
  const Case c = GENERATE(Case{{0, 1, 0, 1}, {0, 1, 0, 1}, "VALID"}, Case{{2, 3, 2, 3}, {0, 1, 0, 1}, "SAME"},
                          Case{{1, 2, 2, 3}, {0, 1, 0, 1}, nullptr});
  Net net;
  const Edge x = net.input("x", Shape{batch(), 9, 9, 2});
  Node weight;
  weight.name = "w";
  weight.op = "ir/Weight";
  weight.weight = 0;
  net.graph.weights.push_back(
      {"w", make_splat(DType::f32, {3, 3, 2, 4}, std::vector<std::byte>(4)), true, true, "", {}, DType::invalid, -1});
  const Edge w{net.graph.add(std::move(weight)), 0};
  const Edge forth = net.op("forth", "SpaceToBatchND", {x, net.ints({2, 2}), net.table(c.pads)});
  const Edge conv = net.op("conv", "Conv2D", {forth, w}, {{"strides", Value::ints({1, 1, 1, 1})}, {"padding", "VALID"}});
  net.output(net.op("back", "BatchToSpaceND", {conv, net.ints({2, 2}), net.table(c.crops)}));
  net.simplify();
  if (!c.padding) {
    CHECK(net.result().op == "tf/BatchToSpaceND");
    return;
  }
  CHECK(net.result().op == "tf/Conv2D");
  CHECK(net.result().attrs.at("padding") == Value(c.padding));
  CHECK(net.result().attrs.at("dilations") == Value::ints({1, 2, 2, 1}));
}

TEST_CASE("a reshape of a weight is a view of it") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 4, 3});
  const float values[] = {1, 2, 3};
  const Edge w = ir::add_constant(net.graph, "w", make_tensor<float>(DType::f32, {3}, values));
  net.output(net.op("y", "AddV2", {x, net.op("view", "Reshape", {w, net.ints({1, 1, 3})})}));
  net.simplify();
  const Node& seen = net.graph.at(net.result().inputs[1].node);
  REQUIRE(seen.op == "ir/Weight");
  CHECK(net.graph.weights[static_cast<size_t>(seen.weight)].value.dims == std::vector<int64_t>{1, 1, 3});
  CHECK(net.graph.weights[static_cast<size_t>(net.graph.root(seen.weight))].name == "w");
}

TEST_CASE("clips, powers and arithmetic of scalars have one spelling") {
  Net net;
  const Edge x = net.input("x", {Dim::symbol("B"), 4});
  const Edge six = net.op("six", "Mul", {net.real(2), net.real(3)});
  const Edge clip = net.op("clip", "Maximum", {net.real(0), net.op("least", "Minimum", {x, six})});
  net.output(net.op("square", "Pow", {clip, net.real(2)}));
  net.simplify();
  const Node& square = net.graph.at(net.graph.outputs[0].edge.node);
  CHECK(square.op == "tf/Square");
  CHECK(net.graph.at(square.inputs.at(0).node).op == "tf/Relu6");
  CHECK(net.graph.at(square.inputs.at(0).node).name == "clip");
}

TEST_CASE("a mean with weights of 1 is a mean") {
  Net net;
  const Edge x = net.input("x", {Dim::symbol("B"), 4});
  const Edge ones = net.op("ones", "OnesLike", {x}), axes = net.ints({1});
  const Edge sum = net.op("sum", "Sum", {net.op("weighted", "Mul", {ones, x}), axes}, {{"keep_dims", true}});
  const Edge all = net.op("all", "AddV2", {ones, net.op("zeros", "ZerosLike", {x})});
  net.output(net.op("mean", "RealDiv", {sum, net.op("count", "Sum", {all, axes}, {{"keep_dims", true}})}));
  net.simplify();
  const Node& mean = net.graph.at(net.graph.outputs[0].edge.node);
  CHECK(mean.op == "tf/Mean");
  CHECK(mean.inputs.at(0) == x);
}

TEST_CASE("a sparse column is looked up as the dense one that it was") {
  for (const bool same : {true, false}) {
    Net net;
    const Edge x = net.input("x", {4, 3}), other = net.input("z", {4, 3}), table = net.input("table", {9, 5});
    const auto where = [&](const std::string& name, Edge of) {
      return net.op(name, "Where", {net.op(name + "/there", "NotEqual", {of, net.real(0)})});
    };
    const Edge whole = net.op("whole", "Cast", {x}, {{"SrcT", DType::f32}, {"DstT", DType::i64}});
    const Edge indices = where("where", x), rows = net.ints({4, 3});
    const Edge values = net.op("values", "GatherNd", {whole, same ? indices : where("where_other", other)});
    const Edge sizes = net.op("sizes", "Cast", {rows}, {{"SrcT", DType::i32}, {"DstT", DType::i64}});
    const Edge rest = ir::add_constant(net.graph, "rest", make_tensor<int64_t>(DType::i64, {}, std::vector<int64_t>{0}));
    const Edge filled = net.op("filled", "SparseFillEmptyRows", {indices, values, sizes, rest}, {{"T", DType::i64}});
    const Edge column = net.op("column", "StridedSlice", {filled, net.ints({0, 0}), net.ints({0, 1}), net.ints({1, 1})},
                               {{"begin_mask", 1}, {"end_mask", 1}, {"shrink_axis_mask", 2}});
    const Edge sum = net.op("sum", "SparseSegmentSum", {table, {filled.node, 1}, column});
    const Edge empty = net.op("empty", "Reshape", {{filled.node, 2}, net.ints({-1, 1})});
    net.output(net.op("y", "SelectV2", {empty, net.op("none", "ZerosLike", {sum}), sum}));
    net.simplify();
    const Node& y = net.graph.at(net.graph.outputs[0].edge.node);
    INFO(net.graph.print());
    CHECK(y.op == (same ? "tf/Sum" : "tf/SelectV2"));
    if (same) CHECK(net.graph.type(net.graph.outputs[0].edge).shape == Shape{4, 5});
  }
}

TEST_CASE("a border of one number that is joined to a tensor is padding") {
  for (const float value : {0.0F, 2.5F}) {
    Net net;
    const Edge x = net.input("x", {batch(), 4, 3});
    const auto border = [&](const std::string& name, int64_t width) {
      const Edge ones = net.op(name + "/ones", "Fill", {net.ints({7, width, 3}), net.real(1)});
      return net.op(name, "Mul", {ones, net.real(value)});
    };
    const Edge axis = net.ints({1});
    net.output(net.op("y", "ConcatV2", {border("a", 2), x, border("b", 5), axis}, {{"N", 3}}));
    net.simplify();
    INFO(net.graph.print());
    CHECK(net.result().op == (value == 0 ? "tf/Pad" : "tf/PadV2"));
    CHECK(net.result().inputs[0] == x);
    const Tensor* widths = ir::constant(net.graph, net.result().inputs[1]);
    REQUIRE(widths);
    CHECK(to_ints(*widths) == std::vector<int64_t>{0, 0, 2, 5, 0, 0});
  }
}

TEST_CASE("differences of differences are no number, however many there are") {
  Net net;
  const Edge x = net.input("x", Shape{batch(), 3});
  Edge y = x;
  for (int i = 0; i < 20000; ++i) y = net.op("d" + std::to_string(i), "Sub", {y, y});
  net.output(net.op("y", "AddV2", {y, x}));
  net.resolve();
  CHECK(net.result().op == "tf/AddV2");
}
