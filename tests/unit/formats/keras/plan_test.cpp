#include "formats/keras/plan.h"

#include <catch2/catch.hpp>

#include "formats/keras/model_builder.h"
#include "keraft/error.hpp"

using namespace keraft;
using namespace keraft::formats;
using keraft::formats::testing::ModelBuilder;

namespace {

std::vector<std::string> model_layers(const Graph& graph) {
  const Plan out = plan(graph);
  std::vector<std::string> names;
  for (const size_t entry : out.model_layers) names.push_back(out.entries[entry].name);
  return names;
}

Status status_of_plan(const Graph& graph) {
  try {
    plan(graph);
  } catch (const Error& error) {
    return error.status();
  }
  return Status::ok;
}

}  // namespace

// The orders below are those of `[l.name for l in model.layers]` in Keras 3.15.1 and tf_keras 2.21 for the same models.
TEST_CASE("layers are ordered by depth, not by the file", "[keras]") {
  CHECK(model_layers(ModelBuilder::branches()) ==
        std::vector<std::string>{"a", "shared", "deep", "b", "frozen", "sum", "late", "cat"});
}

TEST_CASE("a longer branch comes first", "[keras]") {
  ModelBuilder m;
  const Edge x = m.input("x", {Dim::symbol("B"), 4});
  const Edge brief = m.call(m.dense("short", 4), {x});
  const Edge one = m.call(m.dense("long1", 4), {x});
  const Edge two = m.call(m.dense("long2", 4), {one});
  m.output(m.call(m.layer("Add", "sum"), {brief, two}));
  CHECK(model_layers(m.graph) == std::vector<std::string>{"x", "long1", "short", "long2", "sum"});
}

TEST_CASE("a plain stack is sequential, nothing else is", "[keras]") {
  CHECK(plan(ModelBuilder::stack()).sequential);
  CHECK_FALSE(plan(ModelBuilder::branches()).sequential);
  Graph two_outputs = ModelBuilder::stack();
  two_outputs.outputs.push_back({"inner", {1, 0}});
  CHECK_FALSE(plan(two_outputs).sequential);
  ModelBuilder twice;
  const int32_t dense = twice.dense("d", 4);
  twice.output(twice.call(dense, {twice.call(dense, {twice.input("x", {Dim::symbol("B"), 4})})}));
  CHECK_FALSE(plan(twice.graph).sequential);
}

TEST_CASE("producers stand before their readers", "[keras]") {
  const Graph graph = ModelBuilder::branches();
  const Plan out = plan(graph);
  for (size_t entry = 0; entry < out.entries.size(); ++entry) {
    for (const NodeId call : out.entries[entry].calls) {
      for (const Edge& edge : graph.at(call).inputs) CHECK(out.entry_of[static_cast<size_t>(edge.node)] < entry);
    }
  }
}

TEST_CASE("what no Keras file can hold is refused", "[keras]") {
  Graph raw = ModelBuilder::stack();
  raw.nodes[2].op = "tf/Relu";
  CHECK(status_of_plan(raw) == Status::unsupported);
  Graph unused = ModelBuilder::branches();
  Node extra;
  extra.name = "extra";
  extra.op = "ir/Input";
  unused.inputs.push_back({"extra", {unused.add(extra), 0}});
  CHECK(status_of_plan(unused) == Status::unsupported);
  Graph dangling = ModelBuilder::stack();
  dangling.nodes[2].inputs[0].node = 99;
  CHECK(status_of_plan(dangling) == Status::internal);
  Graph twins = ModelBuilder::branches();
  twins.layers[1].name = twins.layers[0].name;
  CHECK(status_of_plan(twins) == Status::unsupported);
}
