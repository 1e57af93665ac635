#include "normalise/inline_calls.h"

#include <catch2/catch.hpp>

#include "ir/function_attr.h"
#include "status_of.h"

using namespace keraft;

namespace {

constexpr const char* negated =
    "a = ir/Input() : float32 ?\nn = tf/Neg(a)\nout = tf/Exp(n)\ninput \"a\" a\noutput \"out\" out\n";

Graph inlined(const std::string& text, const std::map<std::string, std::string>& functions, const Control& control = {}) {
  Graph graph = Graph::parse(text);
  for (const auto& [name, body] : functions) graph.functions[name] = std::make_shared<Graph>(Graph::parse(body));
  normalise::inline_calls(graph, control);
  graph.prune();
  graph.compact();
  return graph;
}

const Node& reader(const Graph& graph, const Node& node, size_t input = 0) { return graph.at(node.inputs[input].node); }

}  // namespace

TEST_CASE("a call becomes the nodes of the function, named behind it") {
  const std::string call = GENERATE(as<std::string>{}, "tf/PartitionedCall(x, f=function \"f\")",
                                    "tf/StatefulPartitionedCall(x, f=function \"f\")", "tf/f(x)");
  const Graph graph =
      inlined("x = ir/Input() : float32 [B]\nc = " + call + "\ny = tf/Abs(c)\noutput \"y\" y\n", {{"f", negated}});
  const Node& y = graph.at(graph.find("y"));
  CHECK(reader(graph, y).name == "c/out");
  CHECK(reader(graph, reader(graph, y)).name == "c/n");
  CHECK(reader(graph, reader(graph, reader(graph, y))).name == "x");
  CHECK(graph.functions.empty());
}

TEST_CASE("functions inside functions, two calls of one, and a result that is an argument") {
  const std::string twice =
      "a = ir/Input() : float32 ?\nfirst = tf/f(a)\nsecond = tf/f(first)\ninput \"a\" a\noutput \"s\" second\noutput \"a\" a\n";
  const Graph graph = inlined("x = ir/Input() : float32 [B]\nc = tf/g(x)\ny = tf/Add(c, c:1)\noutput \"y\" y\n",
                              {{"f", negated}, {"g", twice}});
  const Node& y = graph.at(graph.find("y"));
  CHECK(reader(graph, y).name == "c/second/out");
  CHECK(reader(graph, y, 1).name == "x");
  CHECK(reader(graph, reader(graph, reader(graph, y))).name == "c/first/out");
}

TEST_CASE("attributes of the caller reach the function's nodes") {
  Graph body = Graph::parse("a = ir/Input() : float32 ?\nout = tf/Cast(a)\ninput \"a\" a\noutput \"out\" out\n");
  Graph graph = Graph::parse("x = ir/Input() : float32 [B]\nc = tf/f(x, To=float64)\noutput \"y\" c\n");
  body.at(1).attrs["DstT"] = ir::from_caller("To");
  graph.functions["f"] = std::make_shared<Graph>(std::move(body));
  normalise::inline_calls(graph, Control());
  CHECK(graph.at(graph.outputs[0].edge.node).attrs.at("DstT") == Value(DType::f64));
}

TEST_CASE("bodies of branches stay functions, and calls in them are gone") {
  const Graph graph = inlined(
      "p = ir/Input() : bool []\nx = ir/Input() : float32 [B]\n"
      "y = tf/If(p, x, then_branch=function \"then\", else_branch=function \"f\")\noutput \"y\" y\n",
      {{"f", negated},
       {"then", "a = ir/Input() : float32 ?\nc = tf/f(a)\ninput \"a\" a\noutput \"c\" c\n"},
       {"unused", negated}});
  CHECK(graph.functions.size() == 2);
  const Graph& then = *graph.functions.at("then");
  CHECK(then.at(then.outputs[0].edge.node).name == "c/out");
  CHECK(graph.at(graph.find("y")).op == "tf/If");
}

TEST_CASE("recursion, missing functions, calls that do not fit and graphs that explode are refused") {
  const auto status = [](const std::string& call, const std::map<std::string, std::string>& functions, uint64_t nodes = 1000) {
    Control control;
    control.limits.nodes = nodes;
    return status_of([&] { inlined("x = ir/Input() : float32 [B]\n" + call + "\noutput \"y\" y\n", functions, control); });
  };
  const std::string in = "a = ir/Input() : float32 ?\n", out = "\ninput \"a\" a\noutput \"r\" r\n";
  CHECK(status("y = tf/f(x)", {{"f", negated}}) == Status::ok);
  CHECK(status("y = tf/f(x)", {{"f", in + "r = tf/f(a)" + out}}) == Status::format);
  CHECK(status("y = tf/f(x)", {{"f", in + "r = tf/g(a)" + out}, {"g", in + "r = tf/f(a)" + out}}) == Status::format);
  CHECK(status("y = tf/PartitionedCall(x, f=function \"f\")", {}) == Status::format);
  CHECK(status("y = tf/PartitionedCall(x)", {}) == Status::format);
  CHECK(status("y = tf/f(x, x)", {{"f", negated}}) == Status::format);
  CHECK(status("y = tf/f()", {{"f", negated}}) == Status::format);
  std::map<std::string, std::string> doubling{{"f0", negated}};
  for (int i = 1; i < 60; ++i) {
    const std::string inner = "tf/f" + std::to_string(i - 1);
    doubling["f" + std::to_string(i)] = in + "h = " + inner + "(a)\nr = " + inner + "(h)" + out;
  }
  CHECK(status("y = tf/f9(x)", doubling) == Status::memory);
  CHECK(status("y = tf/f59(x)", doubling, 4'000'000) == Status::memory);
}
