#include <catch2/catch.hpp>

#include "ir/form.h"
#include "keraft/error.hpp"
#include "keraft/graph.hpp"

using namespace keraft;

TEST_CASE("a graph prints and parses to itself") {
  const std::string text =
      "graph \"net\"\n"
      "weight \"a/kernel\" float32 [4, 3] {trainable: true, variable: true}\n"
      "layer \"d\" Dense {activation: \"relu\", units: 3} {trainable: false} [[\"kernel\", 0]]\n"
      "x = ir/Input() : float32 [B, 4]\n"
      "a/kernel = ir/Weight(weight=0) : float32 [4, 3]\n"
      "h = tf/MatMul(x, a/kernel, transpose_b=false) : float32 [B, 3]\n"
      "\"odd-name>\" = tf/Split(h, ^x, axis=[1, -2], eps=1e-05, name=\"q\\x22uote\", num_split=2) : float32 [B, (B+1//2)], "
      "float32 ?\n"
      "d = keras/Dense(\"odd-name>\":1, layer=0) : float32 [B, 3]\n"
      "input \"x\" x\n"
      "output \"y\" d\n";
  const Graph graph = Graph::parse(text);
  CHECK(graph.print() == text);
  CHECK(Graph::parse(graph.print()).print() == text);
  CHECK(graph.nodes[3].inputs[0].node == 2);
  CHECK(graph.nodes[4].inputs[0].port == 1);
  CHECK(graph.nodes[3].control.size() == 1);
  CHECK_FALSE(graph.layers[0].trainable);
}

TEST_CASE("names of any bytes print and parse to themselves") {
  for (const std::string& name : std::vector<std::string>{"a", "\xC2\x85", "\x85", "\xE2\x80\xAE", "\xF3\xB3\xB3\xB3", "\xB3",
                                                          "\"\\", "u{41}", "\\u{41}"}) {
    Graph graph;
    graph.name = name;
    const Graph again = Graph::parse(graph.print());
    CHECK(again.name == name);
    CHECK(again.print() == graph.print());
  }
  CHECK(Graph::parse("graph \"\\u{41}\\u{20ac}\"").name == "A\xE2\x82\xAC");
  for (const char* wrong : {"graph \"\\u{}\"", "graph \"\\u{110000}\"", "graph \"\\u{41", "graph \"\\u{zz}\""})
    CHECK_THROWS_AS(Graph::parse(wrong), Error);
}

TEST_CASE("what is no graph is refused with its place") {
  CHECK_THROWS_WITH(Graph::parse("y = tf/Relu(x)"), Catch::Contains("no node is named x"));
  CHECK_THROWS_WITH(Graph::parse("graph \"a\"\ny tf/Relu"), Catch::Contains("2:"));
  CHECK_THROWS_AS(Graph::parse("y = tf/Relu(a=" + std::string(100, '[')), Error);
  CHECK_THROWS_WITH(Graph::parse("y = tf/Const(value=tensor nothing[])"), Catch::Contains("type of a tensor's elements"));
  CHECK_THROWS_WITH(Graph::parse("y = tf/Const(value=tensor float32[B])"), Catch::Contains("a tensor's sizes"));
  CHECK_THROWS_WITH(Graph::parse("y = tf/Const(value=tensor float32?)"), Catch::Contains("a tensor's sizes"));
  CHECK_THROWS_WITH(Graph::parse("y = tf/Const(value=tensor string[9999999])"), Catch::Contains("too many strings"));
  CHECK(Graph::parse("y = tf/Const(value=tensor string[2])").print().find("tensor string[2]") != std::string::npos);
}

TEST_CASE("a cycle is an error that names its nodes") {
  const Graph graph = Graph::parse("x = ir/Input()\na = tf/Add(x, b)\nb = tf/Neg(a)\noutput \"b\" b\n");
  CHECK_THROWS_WITH(graph.order(), Catch::Contains("cycle") && Catch::Contains("a, b"));
}

TEST_CASE("forms parse") {
  const ir::Form form = ir::parse_form(
      "h = Conv2D(x, @kernel.T, strides=$strides:spatial, padding=\"SAME\")   y, _ = Foo(*xs, 0.5, [1, -2], $axis, $sizes[], "
      "h)");
  REQUIRE(form.statements.size() == 2);
  CHECK(form.statements[0].args[1].transposed);
  CHECK(form.statements[0].attrs[0].codec == "spatial");
  CHECK(form.statements[1].args[2].ints == std::vector<int64_t>{1, -2});
  CHECK(form.inputs() == std::vector<std::string>{"x", "xs"});
  CHECK_THROWS_AS(ir::parse_form("y = Relu(x"), Error);
  CHECK_THROWS_AS(ir::parse_form("y = Relu(a=1, x)"), Error);
}
