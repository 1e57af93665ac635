#include "weights/values_for_handles.h"

#include <catch2/catch.hpp>

#include "status_of.h"

using namespace keraft;

namespace {

/// `v` is a weight whose readers think it is a handle.
Graph with_values(const std::string& text, std::map<std::string, std::string> functions = {}, Control control = {}) {
  Graph graph = Graph::parse(
      "weight \"v\" float32 [7, 3] {variable: true, trainable: true}\n"
      "v = ir/Weight(weight=0) : float32 [7, 3]\n" +
      text);
  for (const auto& [name, body] : functions) graph.functions[name] = std::make_shared<Graph>(Graph::parse(body));
  weights::values_for_handles(graph, {{{graph.find("v"), 0}, {DType::f32, Shape{7, 3}}}}, control);
  graph.prune();
  return graph;
}

const Node& node(const Graph& graph, const std::string& name) { return graph.at(graph.find(name)); }

}  // namespace

TEST_CASE("ops on handles become ops on values") {
  const Graph graph = with_values(
      "ids = ir/Input() : int32 [B]\n"
      "rows = tf/ResourceGather(v, ids, dtype=float32, Tindices=int32, batch_dims=0, validate_indices=true)\n"
      "pick = tf/ResourceGatherNd(v, ids, dtype=float32, Tindices=int32)\n"
      "size = tf/VariableShape(v, out_type=int32)\n"
      "read = tf/ReadVariableOp(v, dtype=float32)\n"
      "twice = tf/Mul(read, read)\n"
      "output \"rows\" rows\noutput \"pick\" pick\noutput \"size\" size\noutput \"twice\" twice\n");
  const Node& rows = node(graph, "rows");
  CHECK(rows.op == "tf/GatherV2");
  REQUIRE(rows.inputs.size() == 3);
  CHECK(rows.attrs.at("Tparams") == Value(DType::f32));
  CHECK(rows.attrs.at("Tindices") == Value(DType::i32));
  CHECK(rows.attrs.at("batch_dims") == Value(0));
  CHECK_FALSE(rows.attrs.contains("validate_indices"));
  CHECK(node(graph, "pick").op == "tf/GatherNd");
  CHECK(node(graph, "size").op == "tf/Shape");
  CHECK(node(graph, "size").attrs.at("T") == Value(DType::f32));
  CHECK(graph.at(node(graph, "twice").inputs[0].node).name == "v");
}

TEST_CASE("handles pass switches and loop entries; their types follow") {
  const Graph graph = with_values(
      "c = ir/Input() : bool []\n"
      "s = tf/Switch(v, c, T=resource)\n"
      "a = tf/ReadVariableOp(s)\n"
      "b = tf/ReadVariableOp(s:1)\n"
      "e = tf/Enter(v, T=resource, frame_name=\"f\")\n"
      "r = tf/ReadVariableOp(e)\n"
      "na = tf/Neg(a)\nnb = tf/Neg(b)\nnr = tf/Neg(r)\n"
      "output \"na\" na\noutput \"nb\" nb\noutput \"nr\" nr\n");
  CHECK(node(graph, "na").inputs[0] == Edge{graph.find("s"), 0});
  CHECK(node(graph, "nb").inputs[0] == Edge{graph.find("s"), 1});
  CHECK(node(graph, "nr").inputs[0] == Edge{graph.find("e"), 0});
  CHECK(node(graph, "s").attrs.at("T") == Value(DType::f32));
  CHECK(node(graph, "e").attrs.at("T") == Value(DType::f32));
}

TEST_CASE("bodies that take handles get copies that take values") {
  const std::string body =
      "arg = ir/Input() : resource ?\n"
      "read = tf/ReadVariableOp(arg)\n"
      "out = tf/Neg(read)\n"
      "input \"arg\" arg\noutput \"out\" out\n";
  const Graph graph = with_values(
      "c = ir/Input() : bool []\n"
      "y = tf/If(c, v, then_branch=function \"yes\", else_branch=function \"no\", Tin=[resource])\n"
      "output \"y\" y\n",
      {{"yes", body}, {"no", body}});
  const Node& y = node(graph, "y");
  CHECK(y.attrs.at("Tin") == Value(List{DType::f32}));
  for (const char* branch : {"then_branch", "else_branch"}) {
    const std::string name = y.attrs.at(branch).get<FunctionRef>()->name;
    CHECK(name == (std::string(branch) == "then_branch" ? "yes_values" : "no_values"));
    const Graph& copy = *graph.functions.at(name);
    CHECK(copy.type(copy.inputs[0].edge).shape.text() == "[7, 3]");
    CHECK(copy.at(copy.find("out")).inputs[0] == copy.inputs[0].edge);
  }
  // Who else calls the function still finds it as it was.
  CHECK(graph.functions.at("yes")->at(graph.functions.at("yes")->find("out")).inputs[0].node == 1);
}

TEST_CASE("a body that is not there, and nesting without end, are errors") {
  const std::string call = "c = ir/Input() : bool []\ny = tf/If(c, v, then_branch=function \"f\")\noutput \"y\" y\n";
  CHECK(status_of([&] { with_values(call); }) == Status::format);
  const std::string none = "out = tf/NoOp()\n";
  CHECK(status_of([&] { with_values(call, {{"f", none}}); }) == Status::format);
  Control control;
  control.limits.depth = 2;
  std::map<std::string, std::string> chain;
  for (const auto& [name, next] : {std::pair("f", "g"), std::pair("g", "h"), std::pair("h", "i"), std::pair("i", "i")}) {
    chain[name] = "arg = ir/Input() : resource ?\nc = ir/Input() : bool []\ny = tf/If(c, arg, then_branch=function \"" +
                  std::string(next) + "\")\ninput \"arg\" arg\noutput \"y\" y\n";
  }
  CHECK(status_of([&] { with_values(call, chain, control); }) == Status::memory);
}
