#include <catch2/catch.hpp>
#include <numeric>

#include "keraft/error.hpp"
#include "status_of.h"
#include "transfer/match.h"
#include "transfer/names.h"

using namespace keraft;
using namespace keraft::transfer;

namespace {

Tensor tensor(std::vector<int64_t> dims, DType dtype = DType::f32) {
  return make_splat(dtype, std::move(dims), std::vector<std::byte>(size_of(dtype)));
}

struct Case {
  Source source;
  Target target;
  TransferOptions options;

  Case() {
    source.path = "weights";
    target.path = "model";
    target.words = {"kernel", "bias", "weights", "biases", "gamma", "beta"};
  }

  /// A Dense of the model, n to n.
  void wants(const std::string& layer, int64_t n) {
    const size_t index = target.places.empty() ? 0 : target.places.back().layer + 1;
    for (const bool kernel : {true, false}) {
      SlotPlace place;
      place.layer = index;
      place.slot = kernel ? 0 : 1;
      place.path = path_of(layer);
      place.own = kernel ? "kernel" : "bias";
      place.parts = {""};
      place.cls = place.layer_cls = "Dense";
      place.leaves = kernel ? std::set<std::string, std::less<>>{"kernel", "weights"}
                            : std::set<std::string, std::less<>>{"bias", "biases"};
      place.dtype = DType::f32;
      place.dims = kernel ? std::vector<int64_t>{n, n} : std::vector<int64_t>{n};
      target.nested.push_back(target.places.size());
      target.places.push_back(place);
    }
  }

  /// A Dense of the source. With an order when `layer` is not empty.
  void has(const std::string& scope, int64_t n, const std::string& layer = {}, const std::string& kernel = "kernel",
           const std::string& bias = "bias") {
    for (const auto& [leaf, dims] : {std::pair(kernel, std::vector<int64_t>{n, n}), std::pair(bias, std::vector<int64_t>{n})}) {
      Stored one{scope + "/" + leaf, {}, layer, tensor(dims)};
      if (!scope.empty()) one.paths.push_back(path_of(one.key));
      if (!layer.empty()) source.nested.push_back(source.weights.size());
      source.weights.push_back(std::move(one));
    }
  }

  Pairing run() const { return match(source, target, options); }
  std::string refusal() const {
    try {
      run();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return {};
  }
};

using Indexes = std::vector<size_t>;

}  // namespace

TEST_CASE("names are split as each writer joins them") {
  CHECK(path_of("a/b/kernel:0") == Path{"a", "b", "kernel"});
  CHECK(path_of("m/layer_with_weights-0/bias/.ATTRIBUTES/VARIABLE_VALUE") == Path{"m", "layer_with_weights-0", "bias"});
  CHECK(path_of("features.0.weight") == Path{"features", "0", "weight"});
  CHECK(path_of("block.1/kernel") == Path{"block.1", "kernel"});
  CHECK(path_of("").empty());
  CHECK(is_automatic("dense_12", "Dense"));
  CHECK_FALSE(is_automatic("dense_a", "Dense"));
  CHECK_FALSE(is_automatic("dense_", "Dense"));
}

TEST_CASE("the order of layers decides, whatever they are called") {
  Case c;
  c.wants("x", 4), c.wants("y", 4);
  c.has("dense_7", 4, "0"), c.has("dense_8", 4, "1");
  CHECK(c.run().stored == Indexes{0, 1, 2, 3});
}

TEST_CASE("in a layer names of slots go before their order") {
  Case c;
  c.wants("x", 1);
  c.source.weights = {{"b", {{"l", "biases"}}, "0", tensor({1})}, {"k", {{"l", "weights"}}, "0", tensor({1, 1})}};
  c.source.nested = {0, 1};
  CHECK(c.run().stored == Indexes{1, 0});
}

TEST_CASE("names that contradict the order are refused, unless one of them is chosen") {
  Case c;
  c.wants("a", 4), c.wants("b", 4);
  c.has("b", 4, "0"), c.has("a", 4, "1");
  CHECK(status_of([&] { c.run(); }) == Status::format);
  CHECK(c.refusal().find("contradict") != std::string::npos);
  c.options.by = MatchBy::order;
  CHECK(c.run().stored == Indexes{0, 1, 2, 3});
  c.options.by = MatchBy::names;
  CHECK(c.run().stored == Indexes{2, 3, 0, 1});
}

TEST_CASE("automatic names that are shifted are no contradiction, swapped ones are") {
  Case c;
  c.wants("dense", 4), c.wants("dense_1", 4);
  c.has("dense_1", 4, "0"), c.has("dense_2", 4, "1");
  CHECK(c.run().stored == Indexes{0, 1, 2, 3});
  Case swapped;
  swapped.wants("dense", 4), swapped.wants("dense_1", 4);
  swapped.has("dense_1", 4, "0"), swapped.has("dense", 4, "1");
  CHECK(status_of([&] { swapped.run(); }) == Status::format);
}

TEST_CASE("without an order names decide, the closest first") {
  Case c;
  c.wants("inner/a", 4), c.wants("a", 4);
  c.has("net/a", 4), c.has("net/inner/a", 4, "", "weights", "biases");
  CHECK(c.run().stored == Indexes{2, 3, 0, 1});
}

TEST_CASE("a layer's name may be a scope in one word") {
  Case c;
  c.wants("conv1_norm", 4), c.wants("unit_1_conv1_norm", 4);
  c.has("net/unit_1/conv1/norm", 4), c.has("net/conv1/norm", 4);
  CHECK(c.run().stored == Indexes{2, 3, 0, 1});
}

TEST_CASE("two that fit equally are refused with their names") {
  Case c;
  c.wants("a", 4);
  c.has("p/a", 4), c.has("q/a", 4);
  CHECK(status_of([&] { c.run(); }) == Status::format);
  const std::string said = c.refusal();
  CHECK(said.find("'p/a'") != std::string::npos);
  CHECK(said.find("'q/a'") != std::string::npos);
  keep_below(c.source, "q");
  CHECK(c.source.set_aside == std::vector<std::string>{"p/a/kernel", "p/a/bias"});
  CHECK(c.run().stored == Indexes{0, 1});
}

TEST_CASE("one that fits two layers of the model is refused") {
  Case c;
  c.wants("x/a", 4), c.wants("y/a", 4);
  c.has("a", 4);
  CHECK(c.refusal().find("x/a") != std::string::npos);
  CHECK(c.refusal().find("y/a") != std::string::npos);
  CHECK(status_of([&] { c.run(); }) == Status::format);
}

TEST_CASE("nor does a layer without a bias share a kernel with one that has one") {
  Case c;
  c.wants("x/a", 4), c.wants("y/a", 4);
  c.target.places.pop_back(), c.target.nested.pop_back();
  c.has("a", 4);
  CHECK(status_of([&] { c.run(); }) == Status::format);
}

TEST_CASE("strangers belong where there is but one place for their sizes") {
  Case c;
  c.wants("a", 4), c.wants("b", 5);
  c.has("p", 5), c.has("q", 4);
  CHECK(c.run().stored == Indexes{2, 3, 0, 1});
  c.options.partial = true;  // then they may as well belong nowhere
  CHECK(status_of([&] { c.run(); }) == Status::mismatch);
  Case two;
  two.wants("a", 4), two.wants("b", 4);
  two.has("p", 4), two.has("q", 4);
  CHECK(status_of([&] { two.run(); }) == Status::format);
}

TEST_CASE("other sizes are told from both sides") {
  Case c;
  c.wants("a", 4), c.wants("b", 4);
  c.has("a", 4), c.has("b", 5);
  CHECK(status_of([&] { c.run(); }) == Status::mismatch);
  CHECK(c.refusal().find("b/kernel float32 [4, 4] ('b/kernel' of its name is float32 [5, 5])") != std::string::npos);
  c.options.partial = true;
  const Pairing found = c.run();
  CHECK(found.stored == Indexes{0, 1, nowhere, nowhere});
  CHECK(found.clashes.size() == 2);
}

TEST_CASE("names are changed by whole components, and a rule without use is an error") {
  Case c;
  c.wants("a", 4);
  c.has("old/part/a1", 4);
  rename(c.source, {{"old/part", ""}, {"a1", "a"}});
  CHECK(c.source.weights[0].paths[0] == Path{"a", "kernel"});
  CHECK(status_of([&] { rename(c.source, {{"a1", "b"}}); }) == Status::argument);
  CHECK(status_of([&] { rename(c.source, {{"kern", "b"}}); }) == Status::argument);
  CHECK(status_of([&] { keep_below(c.source, "nobody"); }) == Status::argument);
}

TEST_CASE("kernels with their outputs first are turned, only when that is said") {
  SlotPlace conv;
  conv.own = "kernel", conv.cls = "Conv2D", conv.parts = {""}, conv.dtype = DType::f32, conv.dims = {2, 3, 4, 5};
  std::vector<float> values(120);
  std::iota(values.begin(), values.end(), 0.0F);
  const Tensor oihw = make_tensor<float>(DType::f32, {5, 4, 2, 3}, values);
  CHECK_FALSE(fit(oihw, conv, KernelLayout::keras));
  const auto turned = fit(oihw, conv, KernelLayout::output_first);
  REQUIRE(turned);
  // [h=1, w=2, i=3, o=4] of the one is [o=4, i=3, h=1, w=2] of the other.
  CHECK(turned->value.as<float>()[((1 * 3 + 2) * 4 + 3) * 5 + 4] == values[((4 * 4 + 3) * 2 + 1) * 3 + 2]);
  CHECK_FALSE(turned->changed.empty());
  conv.cls = "LSTM";
  CHECK(status_of([&] { fit(oihw, conv, KernelLayout::output_first); }) == Status::unsupported);
}

TEST_CASE("half precision is widened, other types are not changed") {
  SlotPlace bias;
  bias.own = "bias", bias.cls = "Dense", bias.parts = {""}, bias.dtype = DType::f32, bias.dims = {3};
  CHECK(fit(tensor({3}), bias, KernelLayout::keras)->changed.empty());
  CHECK(fit(tensor({3}, DType::f16), bias, KernelLayout::keras)->value.dtype == DType::f32);
  CHECK_FALSE(fit(tensor({3}, DType::f64), bias, KernelLayout::keras));
}
