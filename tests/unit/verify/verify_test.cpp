#include "keraft/verify.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "../run/net.h"
#include "verify/compare.h"

using namespace keraft;
using test::Net;

namespace {

Array floats(const std::vector<float>& values) {
  Array out = make_array(DType::f32, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), out.as<float>());
  return out;
}

/// y = relu(x · w) · v; the second weight is scaled.
Net two_layers(float factor, const std::string& prefix) {
  Net net;
  const Edge x = net.input(prefix + "x", Shape{Dim::symbol("B"), Dim::symbol("H"), 4});
  const Edge flat = net.op(prefix + "flat", "Sum", {x, net.ints({1})});
  const Edge h = net.op(prefix + "h", "Relu", {net.op(prefix + "h0", "MatMul", {flat, net.weight({4, 5})})});
  const Edge w = net.weight({5, 2});
  const Edge scaled =
      net.op(prefix + "scaled", "Mul", {w, net.constant(make_tensor<float>(DType::f32, {}, std::vector<float>{factor}))});
  net.output(prefix + "y", net.op(prefix + "y0", "MatMul", {h, scaled}));
  return net;
}

}  // namespace

TEST_CASE("differences are measured against the largest magnitude") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const auto d = verifying::compare(floats({1, -8, 0}), floats({1, -8, 0.5F}));
  CHECK(d.max_abs == 0.5);
  CHECK(d.scale == 8);
  CHECK(d.max_rel == 0.0625);
  CHECK(d.ulp == 0.5 / std::ldexp(1.0, 3 - 23));
  CHECK(verifying::compare(floats({nan, inf, 1}), floats({nan, inf, 1})).max_abs == 0);
  CHECK(verifying::compare(floats({nan, 1}), floats({nan, 1})).finite == 1);
  CHECK(verifying::compare(floats({nan}), floats({1})).max_abs == inf);
  CHECK(verifying::compare(floats({inf}), floats({-inf})).max_abs == inf);
  CHECK_FALSE(verifying::compare(floats({1}), floats({1, 2})).comparable);
}

TEST_CASE("equal models are equal, whatever their names") {
  const auto found = verify(two_layers(1, "a_").model, two_layers(1, "b_").model);
  CHECK(found.equal);
  CHECK(found.max_abs == 0);
  CHECK(found.first_difference.empty());
  CHECK(found.samples == 2);
}

TEST_CASE("a difference is found and named") {
  const auto found = verify(two_layers(1, "").model, two_layers(1.01F, "").model);
  CHECK_FALSE(found.equal);
  CHECK(found.max_rel > 1e-3);
  CHECK(found.first_difference == "y");
  VerifyOptions loose;
  loose.rtol = 0.1;
  CHECK(verify(two_layers(1, "").model, two_layers(1.01F, "").model, loose).equal);
}

TEST_CASE("models that cannot be paired are an error") {
  Net other = two_layers(1, "");
  other.output("second", other.model.graph.outputs[0].edge);
  CHECK_THROWS_WITH(verify(two_layers(1, "").model, other.model), Catch::Contains("outputs"));
  Net wide = two_layers(1, "");
  wide.model.graph.nodes[0].outputs[0].shape = Shape{Dim::symbol("B"), 2, 9};
  CHECK_THROWS_AS(verify(two_layers(1, "").model, wide.model), Error);
}

TEST_CASE("outputs without a finite number prove nothing") {
  Net net;
  const Edge x = net.input("x", Shape{Dim::symbol("B"), 2});
  const Edge zero = net.op("zero", "Sub", {x, x});
  net.output("y", net.op("y", "RealDiv", {zero, zero}));
  const auto found = verify(net.model, net.model);
  CHECK_FALSE(found.equal);
  CHECK(found.first_difference.find("no finite number") != std::string::npos);
}
