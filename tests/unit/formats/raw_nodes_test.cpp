#include <catch2/catch.hpp>

#include "cards/op_types.h"
#include "formats/graphdef/function_body.h"
#include "formats/graphdef/raw_nodes.h"
#include "ir/constant.h"
#include "keraft/error.hpp"

using namespace keraft;

namespace {

template <class Nodes>
const formats::wire::RawNode* named(const Nodes& raw, const std::string& name) {
  for (const auto& node : raw.nodes) {
    if (node.name == name) return &node;
  }
  return nullptr;
}

Value attr(const formats::wire::RawNode& node, std::string_view name) {
  for (const auto& one : node.attrs) {
    if (one.name == name) return one.value;
  }
  return {};
}

/// y = tanh(x · w) under an output of another name, w trainable.
Graph small() {
  Graph graph;
  Node x, w, product, tanh;
  x.name = "my input";
  x.op = "ir/Input";
  x.outputs = {{DType::f64, {Dim::symbol("B"), 3}}};
  w.name = "layer/kernel";
  w.op = "ir/Weight";
  w.weight = 0;
  w.outputs = {{DType::f64, {3, 2}}};
  product.name = "_product";
  product.op = "tf/MatMul";
  product.attrs = {{"transpose_b", true}};
  tanh.name = "y";
  tanh.op = "tf/Tanh";
  product.outputs = tanh.outputs = {{DType::f64, {Dim::symbol("B"), 2}}};
  const Edge in{graph.add(x), 0}, kernel{graph.add(w), 0};
  product.inputs = {in, kernel};
  tanh.inputs = {{graph.add(product), 0}};
  const Edge out{graph.add(tanh), 0};
  Weight weight;
  weight.name = "layer/kernel";
  weight.value = make_splat(DType::f64, {3, 2}, std::vector<std::byte>(8));
  weight.variable = true;
  graph.weights.push_back(weight);
  graph.inputs = {{"my input", in}};
  graph.outputs = {{"y", out}, {"again", out}, {"inner", tanh.inputs[0]}};
  return graph;
}

}  // namespace

TEST_CASE("types of ops come from TensorFlow's registry") {
  const auto concat = cards::op_types("ConcatV2");
  REQUIRE(concat);
  CHECK(concat->ins.size() == 2);
  CHECK(concat->ins[0].count == "N");
  CHECK(concat->ins[1].type == "Tidx");
  const auto product = cards::op_types("MatMul");
  REQUIRE(product);
  CHECK(product->attrs.back().name == "grad_b");
  CHECK(product->attrs.back().newer);
  CHECK_FALSE(product->attrs.front().newer);
  CHECK_FALSE(cards::op_types("NoSuchOp"));
  CHECK(cards::op_types("IdentityN")->ins[0].types == "T");
  CHECK(cards::op_types("FusedBatchNormV3")->outs[5].name == "reserve_space_3");
  CHECK(cards::op_types("LogicalNot")->outs.at(0).name == "y");
}

TEST_CASE("frozen nodes have types, legal names and outputs of their own names") {
  const Graph graph = small();
  const auto raw = formats::raw_nodes(graph, Registry::builtin(), false);
  CHECK(raw.variables.empty());
  REQUIRE(named(raw, "my_input"));
  CHECK(named(raw, "my_input")->op == "Placeholder");
  REQUIRE(named(raw, "x_product"));
  const auto& product = *named(raw, "x_product");
  CHECK(product.inputs == std::vector<std::string>{"my_input", "layer/kernel"});
  CHECK(attr(product, "T") == Value(DType::f64));
  CHECK(attr(product, "transpose_b") == Value(true));
  CHECK(attr(product, "transpose_a") == Value(false));
  CHECK(attr(product, "grad_a").null());
  REQUIRE(named(raw, "layer/kernel"));
  CHECK(named(raw, "layer/kernel")->op == "Const");
  REQUIRE(raw.outputs.size() == 3);
  CHECK(raw.outputs[0].tensor == "y:0");
  CHECK(named(raw, "y")->op == "Tanh");
  CHECK(named(raw, "again")->op == "Identity");
  CHECK(named(raw, "inner")->inputs == std::vector<std::string>{"x_product"});
}

TEST_CASE("variables are named as their weights, and read by a node of their own") {
  Graph graph = small();
  graph.weights[0].trainable = false;
  const auto raw = formats::raw_nodes(graph, Registry::builtin(), true);
  REQUIRE(raw.variables.size() == 1);
  CHECK(raw.variables[0].name == "layer/kernel");
  CHECK_FALSE(raw.variables[0].trainable);
  CHECK(named(raw, "layer/kernel")->op == "VarHandleOp");
  CHECK(named(raw, "x_product")->inputs[1] == "layer/kernel/Read/ReadVariableOp");
  for (const std::string& name : {raw.variables[0].assign, raw.variables[0].initial, raw.variables[0].read})
    CHECK(named(raw, name));
}

TEST_CASE("every node that no graph can hold is named") {
  Graph graph = small();
  graph.at(2).op = "ir/Nothing";
  graph.at(3).layer = 0;
  try {
    formats::raw_nodes(graph, Registry::builtin(), false);
    FAIL("nothing was refused");
  } catch (const Error& error) {
    CHECK(error.status() == Status::unsupported);
    CHECK(error.message().find("_product") != std::string::npos);
    CHECK(error.message().find("y: a layer") != std::string::npos);
  }
}

TEST_CASE("a function takes inputs and variables, and names outputs as ops do") {
  Graph graph = small();
  Node split;
  split.name = "parts";
  split.op = "tf/SplitV";
  split.attrs = {{"num_split", 2}};
  split.outputs = {2, {DType::f64, {Dim::symbol("B"), 1}}};
  split.inputs = {graph.outputs[0].edge, ir::add_ints(graph, "sizes", {1, 1}), ir::add_ints(graph, "axis", {1})};
  graph.outputs = {{"right", {graph.add(split), 1}}};
  const auto raw = formats::raw_nodes(graph, Registry::builtin(), true);
  const auto made = formats::function_body("f", raw, 1);
  REQUIRE(made);
  REQUIRE(made->head.args.size() == 2);
  CHECK(made->head.args[0].name == "my_input");
  CHECK(made->head.args[0].type.shape.text() == "[B, 3]");
  CHECK(made->head.args[1].name == "layer_kernel");
  CHECK(made->head.args[1].type.dtype == DType::resource);
  CHECK(made->weights == std::vector<std::string>{"layer/kernel"});
  CHECK_FALSE(named(*made, "layer/kernel"));
  CHECK_FALSE(named(*made, "layer/kernel/Assign"));
  REQUIRE(named(*made, "x_product"));
  CHECK(named(*made, "layer/kernel/Read/ReadVariableOp")->inputs == std::vector<std::string>{"layer_kernel"});
  CHECK(named(*made, "x_product")->inputs == std::vector<std::string>{"my_input", "layer/kernel/Read/ReadVariableOp:value:0"});
  REQUIRE(made->head.results.size() == 1);
  CHECK(made->head.results[0].from == "Identity:output:0");
  CHECK(named(*made, "Identity")->inputs == std::vector<std::string>{"right:output:0"});
  CHECK(named(*made, "right")->inputs == std::vector<std::string>{"parts:output:1"});
  CHECK(made->head.effects.empty());

  formats::FunctionCaller how{{0}, {0}, {"Input 1"}, {"y"}};
  const auto caller = formats::function_caller("g", *made, how);
  CHECK(caller.head.args[0].name == "input_1");
  CHECK(caller.head.results[0].from == "StatefulPartitionedCall:output:0");
  CHECK(caller.nodes.at(0).inputs == std::vector<std::string>{"input_1", "layer_kernel"});
}

TEST_CASE("what a function writes into a variable is done before it gives results") {
  Graph graph = small();
  graph.outputs = {{"y", graph.outputs[0].edge}, {"layer/kernel", graph.at(2).inputs[1]}};
  const auto made = formats::function_body("f", formats::raw_nodes(graph, Registry::builtin(), true), 1);
  REQUIRE(made);
  REQUIRE(made->head.effects == std::vector<std::string>{"AssignVariableOp"});
  CHECK(named(*made, "AssignVariableOp")->inputs[0] == made->head.args[1].name);
  CHECK(named(*made, "Identity")->inputs == std::vector<std::string>{"y:y:0", "^AssignVariableOp"});
  graph.outputs[1].name = "another";
  CHECK_THROWS_AS(formats::function_body("f", formats::raw_nodes(graph, Registry::builtin(), true), 1), Error);
}

TEST_CASE("an op whose outputs have no known names is in no function") {
  Graph graph = small();
  graph.at(3).op = "tf/NoSuchOp";
  CHECK_FALSE(formats::function_body("f", formats::raw_nodes(graph, Registry::builtin(), true), 3));
}
