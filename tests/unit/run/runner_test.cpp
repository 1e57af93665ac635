#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

#include "cards/infer.h"
#include "keraft/error.hpp"
#include "net.h"

using namespace keraft;
using test::Net;

TEST_CASE("fused steps compute what single steps do") {
  const Net net = test::residual_net();
  Runner runner(net.model);
  std::vector<std::string> all = {"y"};
  // A tensor that is asked for is never fused over.
  for (const Node& node : net.model.graph.nodes) {
    if (node.op != "tf/Const" && node.op != "ir/Input") all.push_back(node.name);
  }
  for (const int64_t batch : {1, 3}) {
    const std::map<std::string, Array> inputs = {{"x", test::random_array({batch, 9, 9, 3})}};
    const Array fused = runner.run(inputs).at("y");
    const auto single = runner.run(inputs, all);
    CHECK(fused.dims == std::vector<int64_t>{batch, 5});
    CHECK(test::distance(single.at("y"), fused) < 1e-5);
    CHECK(test::distance(single.at("out"), fused) < 1e-5);
    for (const std::string& name : all) {
      CAPTURE(name);
      CHECK(test::distance(single.at(name), runner.run(inputs, {name}).at(name)) < 1e-5);
    }
  }
}

TEST_CASE("a run repeats bit for bit and leaves inputs and constants alone") {
  Net net;
  const Edge x = net.input("x", Shape{Dim::symbol("B"), 4});
  const Edge w = net.weight({1, 4});
  const Edge same = net.op("same", "Identity", {x});
  const Edge a = net.op("a", "Relu", {same});
  const Edge b = net.op("b", "Neg", {w});
  const Edge c = net.op("c", "Add", {a, b});
  const Edge d = net.op("d", "Exp", {c});
  net.output("d", d);
  net.output("same", same);
  net.output("w", w);
  Runner runner(net.model);
  const Array x0 = test::random_array({2, 4});
  const std::vector<float> before(x0.as<float>(), x0.as<float>() + 8);
  auto first = runner.run({{"x", x0}});
  CHECK(std::memcmp(before.data(), x0.as<float>(), 32) == 0);
  CHECK(std::memcmp(first.at("same").data.get(), x0.data.get(), 32) == 0);
  for (auto& [name, array] : first) {
    if (name != "d") std::memset(array.data.get(), 0x55, array.bytes());
  }
  CHECK(std::memcmp(before.data(), x0.as<float>(), 32) == 0);
  const auto second = runner.run({{"x", x0}});
  CHECK(std::memcmp(first.at("d").data.get(), second.at("d").data.get(), 32) == 0);
  CHECK(second.at("w").as<float>()[0] == Tensor(*net.model.graph.at(w.node).attrs.at("value").get<Tensor>()).as<float>()[0]);
}

TEST_CASE("an input that is read again is not written over") {
  Net net;
  const Edge x = net.input("x", Shape{3});
  const Edge a = net.op("a", "Relu", {x});
  const Edge b = net.op("b", "Neg", {a});
  const Edge view = net.op("view", "Reshape", {b, net.ints({1, 3})});
  const Edge c = net.op("c", "Exp", {b});
  net.output("y", net.op("y", "Add", {net.op("d", "Add", {c, a}), view}));
  Runner runner(net.model);
  Array x0 = make_array(DType::f32, {3});
  x0.as<float>()[0] = 0;
  x0.as<float>()[1] = 1;
  x0.as<float>()[2] = 2;
  const auto y = runner.run({{"x", x0}}).at("y");
  for (int i = 0; i < 3; ++i) CHECK(y.as<float>()[i] == Approx(std::exp(-i)));
}

TEST_CASE("a tensor that is read twice by one step, and tensors that live across others, keep their numbers") {
  Net net;
  const Edge x = net.input("x", Shape{Dim::symbol("B"), 4});
  const Edge a = net.op("a", "Neg", {x});
  const Edge twice = net.op("twice", "AddV2", {a, a});
  const Edge b = net.op("b", "Exp", {twice});
  const Edge c = net.op("c", "Neg", {b});
  const Edge d = net.op("d", "Mul", {c, c});
  const Edge far = net.op("far", "AddV2", {d, twice});
  net.output("y", net.op("y", "AddV2", {far, x}));
  Runner runner(net.model);
  const Array in = test::random_array({3, 4});
  const Array out = runner.run({{"x", in}}).at("y");
  for (int64_t i = 0; i < in.elements(); ++i) {
    const double v = in.as<float>()[i], t = -2 * v, e = std::exp(t);
    CHECK(out.as<float>()[i] == Approx(e * e + t + v).epsilon(1e-5));
  }
}

TEST_CASE("wrong inputs and names are errors that say so") {
  const Net net = test::residual_net();
  Runner runner(net.model);
  const Array good = test::random_array({2, 9, 9, 3});
  CHECK_THROWS_WITH(runner.run({}), Catch::Contains("x") && Catch::Contains("missing"));
  CHECK_THROWS_WITH(runner.run({{"x", good}, {"z", good}}), Catch::Contains("no input of this name"));
  CHECK_THROWS_WITH(runner.run({{"x", test::random_array({2, 9, 8, 3})}}), Catch::Contains("[B, 9, 9, 3]"));
  CHECK_THROWS_WITH(runner.run({{"x", make_array(DType::i32, {2, 9, 9, 3})}}),
                    Catch::Contains("float32") && Catch::Contains("int32"));
  CHECK_THROWS_WITH(runner.run({{"x", good}}, {"nowhere"}), Catch::Contains("nowhere"));
  CHECK_THROWS_WITH(runner.run({{"x", good}}, {"relu1:7"}), Catch::Contains("relu1:7"));
  CHECK(runner.run({{"x", good}}, {"relu1:0"}).at("relu1:0").dims == std::vector<int64_t>{2, 9, 9, 8});
}

TEST_CASE("every node without a kernel is listed at once") {
  Net net;
  const Edge x = net.input("x", Shape{3});
  const Edge a = net.op("first", "NoSuchOp", {x});
  net.output("y", net.op("second", "RandomUniform", {a}, {{"dtype", DType::f32}}));
  net.op("unused", "AnotherOp", {x});
  CHECK_THROWS_WITH(Runner(net.model), Catch::Contains("2 nodes") && Catch::Contains("first (tf/NoSuchOp)") &&
                                           Catch::Contains("second (tf/RandomUniform)") && !Catch::Contains("unused"));
}

TEST_CASE("memory and cancellation stop a run") {
  Net net;
  const Edge x = net.input("x", Shape{1}, DType::i32);
  net.output("y", net.op("big", "Fill", {x, net.weight({})}));
  Array size = make_array(DType::i32, {1});
  *size.as<int32_t>() = 1 << 30;
  Control control;
  control.limits.bytes = 1 << 20;
  Runner small(net.model, control);
  try {
    small.run({{"x", size}});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.status() == Status::memory);
    CHECK(error.place().name == "big");
  }
  Control stopped;
  bool stop = false;
  stopped.cancelled = [&] { return stop; };
  const Net other = test::residual_net();
  Runner runner(other.model, stopped);
  stop = true;
  try {
    runner.run({{"x", test::random_array({1, 9, 9, 3})}});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.status() == Status::cancelled);
  }
}

TEST_CASE("one symbol stands for one size") {
  Net net;
  const Edge a = net.input("a", Shape{Dim::symbol("B"), 2}), b = net.input("b", Shape{Dim::symbol("B"), 2});
  net.output("y", net.op("y", "Add", {a, b}));
  Runner runner(net.model);
  CHECK(runner.run({{"a", test::random_array({3, 2})}, {"b", test::random_array({3, 2})}}).at("y").dims[0] == 3);
  CHECK_THROWS_WITH(runner.run({{"a", test::random_array({3, 2})}, {"b", test::random_array({1, 2})}}),
                    Catch::Contains("[1, 2]"));
}

TEST_CASE("chains of sizes fold") {
  Net net;
  const Dim batch = Dim::symbol("B");
  const Edge x = net.input("x", Shape{batch, 4, 6});
  const Edge shape = net.op("shape", "Shape", {x});
  const Edge first =
      net.op("first", "StridedSlice", {shape, net.ints({0}), net.ints({1}), net.ints({1})}, {{"shrink_axis_mask", 1}});
  const Edge rest = net.op("rest", "StridedSlice", {shape, net.ints({1}), net.ints({0}), net.ints({1})}, {{"end_mask", 1}});
  const Edge size = net.op("size", "Prod", {rest, net.ints({0})});
  const Edge pack = net.op("pack", "Pack", {first, size});
  const Edge flat = net.op("flat", "Reshape", {x, pack});
  const Edge open = net.op("open", "Reshape", {flat, net.ints({-1, 3, 8})});
  const Edge doubled =
      net.op("doubled", "Mul", {first, net.constant(make_tensor<int32_t>(DType::i32, {}, std::vector<int32_t>{2}))});
  const Edge parts = net.op("parts", "Unpack", {shape}, {{"num", 3}});
  net.output("open", open);
  net.output("doubled", doubled);
  net.output("last", {parts.node, 2});
  const Inference found = infer_types(net.model.graph, Registry::builtin(), {});
  CHECK(net.model.graph.type(flat).shape == Shape{batch, 24});
  CHECK(net.model.graph.type(open).shape == Shape{batch, 3, 8});
  CHECK(found.ints.at(static_cast<size_t>(doubled.node)).at(0) == Dims{batch * Dim(2)});
  CHECK(found.ints.at(static_cast<size_t>(parts.node)).at(2) == Dims{6});
}
