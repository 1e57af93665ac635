#include "emit/tensorflow_body.h"

#include <catch2/catch.hpp>

#include "emit/python_text.h"
#include "keraft/error.hpp"

using namespace keraft;
using Catch::Matchers::Contains;

namespace {

/// A graph of raw ops on the inputs x, y, of float32 unless said.
struct Ops {
  Graph graph;
  std::vector<emit::Named> given;
  std::map<NodeId, std::string> attributes;

  Edge input(const std::string& name, DType dtype = DType::f32) {
    Node node;
    node.op = "ir/Input";
    node.name = name;
    node.outputs = {{dtype, Shape(Dims{Dim::symbol("B"), 4})}};
    given.push_back({{graph.add(node), 0}, name});
    return given.back().edge;
  }
  template <class T>
  Edge constant(DType dtype, std::vector<int64_t> dims, const std::vector<T>& values) {
    Node node;
    node.op = "tf/Const";
    node.name = "const_" + std::to_string(graph.nodes.size());
    node.attrs["value"] = make_tensor<T>(dtype, dims, values);
    node.outputs = {{dtype, Shape::of(dims)}};
    return {graph.add(node), 0};
  }
  Edge op(const std::string& name, std::vector<Edge> inputs, Dict attrs = {}) {
    Node node;
    node.op = "tf/" + name;
    node.name = "block/" + name;
    node.outputs = {graph.type(inputs.front())};
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    return {graph.add(node), 0};
  }
  std::string code(const std::vector<Edge>& results) {
    const auto order = graph.order();
    const std::vector<NodeId> blocks(graph.nodes.size(), 0);
    return emit::body({graph, Registry::builtin(), order, blocks, false, attributes, {"taken"}}, given, results).code;
  }
  std::string code(Edge result) { return code(std::vector<Edge>{result}); }
};

}  // namespace

TEST_CASE("low-level code keeps the order of operators") {
  Ops ops;
  const Edge x = ops.input("x"), y = ops.input("y"), two = ops.constant<float>(DType::f32, {}, {2});
  CHECK(ops.code(ops.op("Sub", {x, ops.op("AddV2", {y, two})})) == "        return x - (y + 2.0)\n");
  CHECK(ops.code(ops.op("AddV2", {ops.op("AddV2", {x, y}), y})) == "        return x + y + y\n");
  CHECK(ops.code(ops.op("Mul", {ops.op("Neg", {x}), ops.op("Mul", {y, two})})) == "        return -x * (y * 2.0)\n");
  CHECK(ops.code(ops.op("Neg", {ops.op("Pow", {x, two})})) == "        return -(x**2.0)\n");
  CHECK(ops.code(ops.op("Pow", {ops.op("Exp", {x}), two})) == "        return tf.exp(x) ** 2.0\n");
  CHECK(ops.code(ops.op("Less", {ops.op("Sub", {x, y}), two})) == "        return x - y < 2.0\n");
  CHECK(ops.code(ops.op("RealDiv", {two, ops.op("Mul", {x, y})})) == "        return 2.0 / (x * y)\n");
}

TEST_CASE("numbers have the types that the graph has") {
  Ops ops;
  const Edge x = ops.input("x", DType::i64), three = ops.constant<int64_t>(DType::i64, {}, {3});
  CHECK(ops.code(ops.op("Mul", {x, three})) == "        return x * 3\n");
  CHECK(ops.code(ops.op("Maximum", {x, three})) == "        return tf.maximum(x, tf.constant(3, tf.int64))\n");
  CHECK(ops.code(ops.op("Mul", {three, three})) == "        return tf.constant(3, tf.int64) * tf.constant(3, tf.int64)\n");
  const Edge sizes = ops.constant<int64_t>(DType::i64, {2}, {-1, 4});
  CHECK(ops.code(ops.op("Reshape", {x, sizes})) == "        return tf.reshape(x, [-1, 4])\n");
  const Edge tenth = ops.constant<float>(DType::f32, {}, {0.1F});
  CHECK(ops.code(ops.op("Exp", {tenth})) == "        return tf.exp(0.1)\n");
  CHECK(ops.code(tenth) == "        return tf.convert_to_tensor(0.1)\n");
}

TEST_CASE("long lines are broken into statements") {
  Ops ops;
  const Edge x = ops.input("images"), y = ops.input("masks");
  Edge deep = x;
  for (int i = 0; i < 4; ++i) deep = ops.op("Exp", {deep});
  CHECK(ops.code(deep) == "        x = tf.exp(tf.exp(images))\n        return tf.exp(tf.exp(x))\n");
  const Edge twice = ops.op("Exp", {x}), both = ops.op("Mul", {ops.op("Sin", {twice}), ops.op("Cos", {twice})});
  CHECK(ops.code({both, y}) ==
        "        exp = tf.exp(images)\n        block_Mul = tf.sin(exp) * tf.cos(exp)\n        return block_Mul, masks\n");
}

TEST_CASE("ops without a text are called by their own names") {
  Ops ops;
  const Edge x = ops.input("x");
  CHECK(ops.code(ops.op("Cross", {x, x})) == "        return tf.raw_ops.Cross(a=x, b=x)\n");
  const Edge best = ops.op("TopKV2", {x, ops.constant<int32_t>(DType::i32, {}, {2})}, {{"sorted", false}});
  CHECK(ops.code(Edge{best.node, 1}) == "        x = tf.math.top_k(x, k=2, sorted=False)\n        return x[1]\n");
  CHECK_THROWS_WITH(ops.code(ops.op("NoSuchOp", {x})), Contains("block/NoSuchOp") && Contains("unknown"));
  CHECK_THROWS_WITH(ops.code(ops.op("PartitionedCall", {x}, {{"f", FunctionRef{"f", {}}}})), Contains("functions"));
}

TEST_CASE("numbers and names of Python") {
  CHECK(emit::number_text(0.0001) == "0.0001");
  CHECK(emit::number_text(1e-7) == "1e-07");
  CHECK(emit::number_text(Value(3)) == "3");
  CHECK(emit::float_text(0.001F) == "0.001");
  CHECK(emit::float_text(-std::numeric_limits<double>::infinity()) == "-np.inf");
  CHECK(emit::camel("my_net-2") == "MyNet2");
  CHECK(emit::identifier("l") == "l_");
}
