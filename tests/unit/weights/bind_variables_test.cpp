#include "weights/bind_variables.h"

#include <catch2/catch.hpp>

#include "status_of.h"

using namespace keraft;

namespace {

weights::Variable variable(const std::string& name, std::vector<int64_t> dims, bool trainable = true) {
  weights::Variable out;
  out.name = name;
  out.value = make_splat(DType::f32, std::move(dims), std::vector<std::byte>(4));
  out.trainable = trainable;
  out.key = "key of " + name;
  out.evidence = {"a test"};
  return out;
}

Graph bound(const std::string& text, const std::map<std::string, weights::Variable>& known) {
  Graph graph = Graph::parse(text);
  weights::bind_variables(
      graph, [&](const Node& node) { return known.at(node.name); }, Control());
  graph.compact();
  return graph;
}

const Node& variable_node(const Graph& graph, const std::string& name) { return graph.at(graph.find(name)); }

}  // namespace

TEST_CASE("reference variables and handles become weights; what only reads them is gone") {
  const Graph graph = bound(
      "x = ir/Input() : float32 [B, 4]\n"
      "old = tf/VariableV2(dtype=float32, shape=shape [4, 3])\n"
      "old/read = tf/Identity(old)\n"
      "h = tf/MatMul(x, old/read)\n"
      "new = tf/VarHandleOp(dtype=float32, shape=shape [3])\n"
      "new/Read = tf/ReadVariableOp(new)\n"
      "new/Identity = tf/Identity(new/Read)\n"
      "y = tf/BiasAdd(h, new/Identity)\n"
      "input \"x\" x\noutput \"y\" y\n",
      {{"old", variable("kernel", {4, 3})}, {"new", variable("bias", {3}, false)}});
  REQUIRE(graph.nodes.size() == 5);
  REQUIRE(graph.weights.size() == 2);
  CHECK(graph.at(variable_node(graph, "h").inputs[1].node).op == "ir/Weight");
  CHECK(graph.at(variable_node(graph, "y").inputs[1].node).op == "ir/Weight");
  CHECK(variable_node(graph, "new").outputs[0].shape.text() == "[3]");
  const Weight &kernel = graph.weights[0], &bias = graph.weights[1];
  CHECK(kernel.name == "kernel");
  CHECK(kernel.variable);
  CHECK(kernel.trainable);
  CHECK(kernel.key == "key of kernel");
  CHECK(kernel.evidence == std::vector<Name>{"a test"});
  CHECK_FALSE(bias.trainable);
}

TEST_CASE("a variable that the graph describes otherwise than its contents is refused") {
  const auto bind = [](const std::string& attrs) {
    return status_of([&] {
      bound("v = tf/VarHandleOp(" + attrs + ")\ny = tf/ReadVariableOp(v)\noutput \"y\" y\n", {{"v", variable("v", {4, 3})}});
    });
  };
  CHECK(bind("dtype=float32, shape=shape [4, 3]") == Status::ok);
  CHECK(bind("dtype=float32, shape=shape [N, 3]") == Status::ok);
  CHECK(bind("dtype=float32, shape=shape ?") == Status::ok);
  CHECK(bind("dtype=float64, shape=shape [4, 3]") == Status::mismatch);
  CHECK(bind("dtype=float32, shape=shape [3, 4]") == Status::mismatch);
  CHECK(bind("dtype=float32, shape=shape [4]") == Status::mismatch);
}

TEST_CASE("an output that is a variable is its weight") {
  const Graph graph =
      bound("v = tf/VarHandleOp(dtype=float32)\ny = tf/ReadVariableOp(v)\noutput \"y\" y\n", {{"v", variable("v", {2})}});
  REQUIRE(graph.nodes.size() == 1);
  CHECK(graph.at(graph.outputs[0].edge.node).op == "ir/Weight");
}
