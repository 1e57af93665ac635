#include <catch2/catch.hpp>

#include "recover/recover.h"

using namespace keraft;

TEST_CASE("operations that join tensors of one rank are layers") {
  Graph graph = Graph::parse(R"(graph "g"
x = ir/Input() : float32 [B, 4]
y = ir/Input() : float32 [B, 4]
z = ir/Input() : float32 [B, 2, 4]
u = ir/Input() : float32 ?
sum = keras.ops/Add(x, y) : float32 [B, 4]
other = keras.ops/Multiply(x, sum) : float32 [B, 4]
wide = keras.ops/Add(z, x) : float32 [B, 2, 4]
open = keras.ops/Add(x, u) : float32 ?
more = keras.ops/Add(x, x2=1.5) : float32 [B, 4]
root = keras.ops/Divide(x, other) : float32 [B, 4]
output "root" root
output "wide" wide
output "open" open
output "more" more
)");
  recover::join_layers(graph, Registry::builtin());
  const auto op = [&](const char* name) { return graph.at(graph.find(name)).op; };
  CHECK(op("sum") == "keras/Add");
  CHECK(op("other") == "keras/Multiply");
  for (const char* name : {"wide", "open", "more"}) CHECK(op(name) == "keras.ops/Add");
  CHECK(op("root") == "keras.ops/Divide");
  REQUIRE(graph.layers.size() == 2);
  CHECK(graph.layers[0].name == "sum");
  CHECK(graph.at(graph.find("other")).layer == 1);
  CHECK(graph.layers[1].cls == "Multiply");
}
