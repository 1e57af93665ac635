#include <catch2/catch.hpp>

#include "weights/bind_variables.h"

using namespace keraft;

namespace {

constexpr const char* partitioned =
    "ids = ir/Input() : int32 [B]\n"
    "p0 = tf/VariableV2(dtype=float32, shape=shape [2, 3])\n"
    "p1 = tf/VariableV2(dtype=float32, shape=shape [3, 3])\n"
    "axis = tf/Const(dtype=int32, value=tensor int32 [])\n"
    "all = tf/ConcatV2(p0, p1, axis)\n"
    "table = tf/Identity(all)\n"
    "y = tf/GatherV2(table, ids, axis)\n"
    "input \"ids\" ids\noutput \"y\" y\n";

weights::Variable part(const std::string& of, std::vector<int64_t> dims, std::vector<int64_t> start,
                       std::vector<int64_t> whole = {5, 3}) {
  const std::vector<std::byte> zero(4);
  weights::Variable out;
  out.name = of + "/part_" + std::to_string(start[0]);
  out.value = make_splat(DType::f32, std::move(dims), zero);
  out.part = weights::Variable::Part{of, make_splat(DType::f32, std::move(whole), zero), std::move(start)};
  return out;
}

/// The op that the reader of the table reads.
std::string joined(weights::Variable first, weights::Variable second, Graph* out = nullptr) {
  Graph graph = Graph::parse(partitioned);
  weights::bind_variables(
      graph, [&](const Node& node) { return node.name == "p0" ? first : second; }, Control());
  const Edge table = graph.at(graph.find("y")).inputs[0];
  const std::string op =
      graph.at(table.node).op == "tf/Identity" ? graph.at(graph.at(table.node).inputs[0].node).op : graph.at(table.node).op;
  if (out) *out = std::move(graph);
  return op;
}

}  // namespace

TEST_CASE("parts that the graph puts together are one weight") {
  Graph graph;
  CHECK(joined(part("table", {2, 3}, {0, 0}), part("table", {3, 3}, {2, 0}), &graph) == "ir/Weight");
  const Node& table = graph.at(graph.at(graph.find("y")).inputs[0].node);
  const Weight& weight = graph.weights[static_cast<size_t>(table.weight)];
  CHECK(weight.name == "table");
  CHECK(weight.value.dims == std::vector<int64_t>{5, 3});
  CHECK(weight.evidence.back() == "the graph joins its 2 parts");
}

TEST_CASE("what is not the whole variable in its order is not joined") {
  const auto [first, second] = GENERATE(
      table<weights::Variable, weights::Variable>({{part("t", {2, 3}, {2, 0}), part("t", {3, 3}, {0, 0})},
                                                   {part("t", {2, 3}, {0, 0}), part("other", {3, 3}, {2, 0})},
                                                   {part("t", {2, 3}, {0, 0}, {6, 3}), part("t", {3, 3}, {2, 0}, {6, 3})},
                                                   {part("t", {2, 3}, {0, 0}), part("t", {3, 3}, {1, 0})}}));
  CHECK(joined(first, second) == "tf/ConcatV2");
}
