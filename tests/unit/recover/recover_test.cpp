#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "keraft/convert.hpp"
#include "lower/lower.h"
#include "normalise/normalise.h"
#include "recover/recover.h"
#include "with_layers.h"

using namespace keraft;

namespace {

Graph recovered(Graph graph) {
  graph = test::with_layers(std::move(graph));
  const Registry& registry = Registry::builtin();
  recover::generate_layers(graph, registry, {});
  graph.prune();
  recover::share_layers(graph);
  graph.compact();
  recover::name_layers(graph);
  return graph;
}

Graph recovered(const std::string& text) { return recovered(Graph::parse(text)); }

Graph recovered(const std::string& text, const std::map<std::string, Tensor>& constants) {
  return recovered(test::with_constants(text, constants));
}

Tensor ints(const std::vector<int32_t>& values) {
  return make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, std::span(values));
}

Tensor number(float value) { return make_tensor<float>(DType::f32, {}, std::span(&value, 1)); }

std::vector<std::string> classes(const Graph& graph) {
  std::vector<std::string> out;
  for (const NodeId id : graph.order()) {
    if (graph.at(id).layer >= 0)
      out.push_back(graph.layers[static_cast<size_t>(graph.at(id).layer)].cls);
    else if (graph.at(id).op.starts_with("tf/"))
      out.push_back(graph.at(id).op);
  }
  return out;
}

const std::string dense =
    "weight \"d/w\" float32 [4, 3] {variable: true}\n"
    "weight \"d/b\" float32 [3] {variable: true}\n"
    "x = ir/Input() : float32 [B, 4]\n"
    "d/w = ir/Weight(weight=0)\n"
    "d/b = ir/Weight(weight=1)\n"
    "input \"x\" x\n";

}  // namespace

TEST_CASE("a matrix product with bias and activation is one Dense") {
  const Graph graph =
      recovered(dense + "d/m = tf/MatMul(x, d/w)\nd/a = tf/AddV2(d/b, d/m)\nd/r = tf/Relu(d/a)\noutput \"y\" d/r\n");
  REQUIRE(classes(graph) == std::vector<std::string>{"Dense"});
  CHECK(Value(graph.layers[0].config).text() != "");
  const Layer& layer = graph.layers[static_cast<size_t>(graph.nodes.back().layer)];
  CHECK(layer.name == "d");
  CHECK(layer.config.at("units") == Value(3));
  CHECK(layer.config.at("activation") == Value("relu"));
  REQUIRE(layer.slots.size() == 2);
  CHECK(layer.slots[0].name == "kernel");
  CHECK(graph.weights[static_cast<size_t>(layer.slots[0].weight)].evidence.size() >= 2);
}

TEST_CASE("an inner value that somebody else reads keeps the form from closing") {
  const Graph graph = recovered(dense + "m = tf/MatMul(x, d/w)\na = tf/BiasAdd(m, d/b)\noutput \"y\" a\noutput \"m\" m\n");
  CHECK(classes(graph).front() == "Dense");
  CHECK(graph.layers[static_cast<size_t>(graph.at(graph.outputs[1].edge.node).layer)].config.at("use_bias") == Value(false));
}

TEST_CASE("attributes that a form does not mention must have their default") {
  const Graph graph = recovered(dense + "m = tf/MatMul(x, d/w, transpose_a=true)\noutput \"y\" m\n");
  for (const std::string& cls : classes(graph)) CHECK(cls != "Dense");
}

TEST_CASE("a sum less something is no sum, a product by something no product") {
  const std::string in = "a = ir/Input() : float32 [B, 3]\nb = ir/Input() : float32 [B, 3]\nc = ir/Input() : float32 [B, 3]\n";
  const std::string ports = "input \"a\" a\ninput \"b\" b\ninput \"c\" c\n";
  const Graph less = recovered(in + "s = tf/AddV2(a, b)\ny = tf/Sub(s, c)\n" + ports + "output \"y\" y\n");
  CHECK(classes(less) == std::vector<std::string>{"Add", "Subtract"});
  const Graph part = recovered(in + "s = tf/Mul(a, b)\ny = tf/RealDiv(s, c)\n" + ports + "output \"y\" y\n");
  CHECK(classes(part) == std::vector<std::string>{"Multiply", "Divide"});
}

TEST_CASE("a window along one axis stays one before a layer that adds an axis") {
  const Graph graph = recovered(
      "x = ir/Input() : float32 [B, 9, 4]\n"
      "e = tf/ExpandDims(x, one)\np = tf/MaxPool(e, ksize=[1, 1, 2, 1], strides=[1, 1, 2, 1], padding=\"VALID\")\n"
      "p1 = tf/Squeeze(p, squeeze_dims=[1])\nb = tf/ExpandDims(p1, one)\nr = tf/Relu(b)\n"
      "input \"x\" x\noutput \"y\" r\n",
      {{"one", ints({1})}});
  CHECK(classes(graph).front() == "MaxPooling1D");
}

TEST_CASE("what transposes a query is no part of Attention") {
  const Graph graph = recovered(
      "x = ir/Input() : float32 [B, 9, 3]\n"
      "a/t = tf/Transpose(x, perm)\na/s = tf/Softmax(a/t)\na/y = tf/Transpose(a/s, perm)\n"
      "b/m = tf/BatchMatMulV2(a/y, x, adj_y=true)\nb/s = tf/Softmax(b/m)\nb/y = tf/BatchMatMulV2(b/s, x)\n"
      "input \"x\" x\noutput \"y\" b/y\n",
      {{"perm", ints({0, 2, 1})}});
  CHECK(classes(graph) == std::vector<std::string>{"Softmax", "Attention"});
}

TEST_CASE("a slope behind a clip is PReLU's") {
  const Graph graph = recovered(
      "weight \"p/alpha\" float32 [4] {variable: true}\nx = ir/Input() : float32 [B, 4]\np/alpha = ir/Weight(weight=0)\n"
      "c/m = tf/Maximum(x, low)\nc/c = tf/Minimum(c/m, high)\np/p = tf/Relu(c/c)\np/n = tf/Neg(c/c)\np/q = tf/Relu(p/n)\n"
      "p/a = tf/Neg(p/alpha)\np/h = tf/Mul(p/q, p/a)\np/y = tf/AddV2(p/p, p/h)\ninput \"x\" x\noutput \"y\" p/y\n",
      {{"low", number(-1)}, {"high", number(1)}});
  CHECK(classes(graph) == std::vector<std::string>{"Activation", "PReLU"});
}

TEST_CASE("Dense behind a transposition of another scope is Dense, of its own scope it is EinsumDense") {
  const auto model = [](const std::string& scope) {
    return recovered(
        "weight \"d/w\" float32 [5, 3] {variable: true}\nweight \"d/b\" float32 [3] {variable: true}\n"
        "x = ir/Input() : float32 [B, 5, 7]\nd/w = ir/Weight(weight=0)\nd/b = ir/Weight(weight=1)\n" +
            scope + "/t = tf/Transpose(x, perm)\nd/m = tf/BatchMatMulV2(" + scope +
            "/t, d/w)\nd/y = tf/BiasAdd(d/m, d/b)\ninput \"x\" x\noutput \"y\" d/y\n",
        {{"perm", ints({0, 2, 1})}});
  };
  CHECK(classes(model("p")) == std::vector<std::string>{"Permute", "Dense"});
  CHECK(classes(model("d")) == std::vector<std::string>{"EinsumDense"});
}

TEST_CASE("a function in a scope of its own stays a layer") {
  const Graph graph = recovered(dense + "d/m = tf/MatMul(x, d/w)\nact/Relu = tf/Relu(d/m)\noutput \"y\" act/Relu\n");
  CHECK(classes(graph) == std::vector<std::string>{"Dense", "Activation"});
}

TEST_CASE("one variable used twice is one shared layer") {
  const Graph graph = recovered(
      "weight \"w\" float32 [4, 4] {variable: true}\nx = ir/Input() : float32 [B, 4]\nw = ir/Weight(weight=0)\n"
      "a = tf/MatMul(x, w)\nb = tf/MatMul(a, w)\ninput \"x\" x\noutput \"y\" b\n");
  std::set<int32_t> layers;
  for (const Node& node : graph.nodes) {
    if (node.layer >= 0) layers.insert(node.layer);
  }
  CHECK(layers.size() == 1);
}

TEST_CASE("a shared layer keeps its activation only where all its calls have it") {
  const std::string square =
      "weight \"w\" float32 [4, 4] {variable: true}\nx = ir/Input() : float32 [B, 4]\nw = ir/Weight(weight=0)\ninput \"x\" x\n"
      "a = tf/MatMul(x, w)\nra = tf/Relu(a)\nb = tf/MatMul(ra, w)\n";
  CHECK(classes(recovered(square + "output \"y\" b\n")) == std::vector<std::string>{"Dense", "Activation", "Dense"});
  const Graph both = recovered(square + "rb = tf/Relu(b)\noutput \"y\" rb\n");
  CHECK(classes(both) == std::vector<std::string>{"Dense", "Dense"});
  std::set<int32_t> called;
  for (const Node& node : both.nodes) called.insert(node.layer);
  called.erase(-1);
  CHECK(called.size() == 1);
}

TEST_CASE("a trainable factor and its sigmoid become one generated layer") {
  const Graph graph = recovered(
      "weight \"w\" float32 [] {variable: true}\nx = ir/Input() : float32 [B, 6]\nw = ir/Weight(weight=0)\n"
      "mul = tf/Mul(x, w)\ny = tf/Sigmoid(mul)\ninput \"x\" x\noutput \"y\" y\n");
  REQUIRE(classes(graph) == std::vector<std::string>{"MultiplySigmoid"});
  const Layer& layer = graph.layers[static_cast<size_t>(graph.nodes.back().layer)];
  CHECK(layer.how == "custom");
  CHECK(layer.code.find("ops.sigmoid") != std::string::npos);
  const Graph raw = lower::lower(graph, Registry::builtin());
  CHECK(raw.nodes.size() == 4);
}

TEST_CASE("a weight spread over an open batch is said by the size of a tensor") {
  Graph raw = Graph::parse(
      "weight \"token\" float32 [1, 1, 3] {variable: true}\nx = ir/Input() : float32 [B, 4, 3]\ntoken = ir/Weight(weight=0)\n"
      "b = tf/Const(value=tensor int32 [1])\ne = tf/Const(value=tensor int32 [1])\ns = tf/Const(value=tensor int32 [1])\n"
      "rest = tf/Const(value=tensor int32 [2])\naxis = tf/Const(value=tensor int32 [])\nshape = tf/Shape(x)\n"
      "first = tf/StridedSlice(shape, b, e, s)\nsizes = tf/ConcatV2(first, rest, axis)\n"
      "y = tf/BroadcastTo(token, sizes)\ninput \"x\" x\noutput \"y\" y\n");
  const int32_t numbers[] = {0, 1, 1, 1, 3};
  for (int i = 0; i < 3; ++i) raw.at(2 + i).attrs["value"] = make_tensor<int32_t>(DType::i32, {1}, std::span(numbers + i, 1));
  raw.at(5).attrs["value"] = make_tensor<int32_t>(DType::i32, {2}, std::span(numbers + 3, 2));
  raw.at(6).attrs["value"] = make_tensor<int32_t>(DType::i32, {}, std::span(numbers, 1));
  const Graph graph = recovered(raw);
  REQUIRE(classes(graph).size() == 1);
  const std::string& code = graph.layers[static_cast<size_t>(graph.nodes.back().layer)].code;
  CHECK(code.find("h1 = ops.shape(x)") != std::string::npos);
  CHECK(code.find("ops.broadcast_to(self.token, shape=[h1[0], 1, 3])") != std::string::npos);
}

TEST_CASE("weights of generated layers have names that Python and Keras leave free") {
  const auto slot = [](const std::string& variable) {
    const Graph graph = recovered("weight \"" + variable +
                                  "\" float32 [] {variable: true}\nx = ir/Input() : float32 [B, 4]\nw = ir/Weight(weight=0)\n"
                                  "mul = tf/Mul(x, w)\ny = tf/Sigmoid(mul)\ninput \"x\" x\noutput \"y\" y\n");
    return graph.layers.at(static_cast<size_t>(graph.nodes.back().layer)).slots.at(0).name;
  };
  CHECK(slot("scope/gain") == "gain");
  CHECK(slot("scope/call") == "wcall");
  CHECK(slot("lambda") == "wlambda");
  CHECK(slot("3rd") == "w3rd");
  CHECK(slot("scope/gain/ReadVariableOp/resource") == "gain");
}

TEST_CASE("softmax over rows is a softmax, and squeezed axes are flattened") {
  const std::string head = "x = ir/Input() : float32 [B, 1, 1, 5]\ninput \"x\" x\n";
  Graph rows = Graph::parse(head +
                            "n = tf/Const(value=tensor int32 [2])\nm = tf/Const(value=tensor int32 [4])\nr = tf/Reshape(x, n)\n"
                            "s = tf/Softmax(r)\ny = tf/Reshape(s, m)\noutput \"y\" y\n");
  const int32_t to_rows[] = {-1, 5}, back[] = {-1, 1, 1, 5};
  rows.at(1).attrs["value"] = make_tensor<int32_t>(DType::i32, {2}, to_rows);
  rows.at(2).attrs["value"] = make_tensor<int32_t>(DType::i32, {4}, back);
  CHECK(classes(recovered(rows)) == std::vector<std::string>{"Activation"});
  CHECK(classes(recovered(head + "y = tf/Squeeze(x, squeeze_dims=[1, 2])\noutput \"y\" y\n")) ==
        std::vector<std::string>{"Flatten"});
  CHECK(classes(recovered(head + "y = tf/Squeeze(x, squeeze_dims=[1])\noutput \"y\" y\n")) ==
        std::vector<std::string>{"Reshape"});
}

TEST_CASE("LeakyReLU needs a slope between 0 and 1") {
  const auto text = [](const std::string& slope) {
    return "graph \"\"\nx = ir/Input() : float32 [B, 6]\ns = tf/Const(value=tensor float32 [])\n"
           "h = tf/Mul(x, s)\ny = tf/Maximum(x, h)\ninput \"x\" x\noutput \"y\" y\n" +
           slope;
  };
  for (const std::string& cls : classes(recovered(text("")))) CHECK(cls != "LeakyReLU");  // the slope is 0
}
