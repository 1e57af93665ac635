#include <catch2/catch.hpp>

#include "cards/loss_card.h"
#include "formats/keras/portable_training.h"

using namespace keraft;
using namespace keraft::formats;

namespace {

Value object(const char* cls, Dict config) { return Dict{{"class_name", cls}, {"config", std::move(config)}}; }

const Value& at(const Value& value, const char* key) { return value.get<Dict>()->at(key); }

}  // namespace

TEST_CASE("a loss is known by the name of its class and of its functions") {
  const Registry& registry = Registry::builtin();
  for (const char* name : {"MeanSquaredError", "mean_squared_error", "mse", "MSE"}) {
    CAPTURE(name);
    REQUIRE(loss_named(name, registry));
    CHECK(loss_named(name, registry)->cls == "MeanSquaredError");
  }
  for (const char* name : {"", "mine", "l2", "L2"}) CHECK_FALSE(loss_named(name, registry));
}

TEST_CASE("schedules that all Keras have keep what all of them read") {
  const auto found = portable_schedule(object("ExponentialDecay", {{"initial_learning_rate", 0.019999999552965164},
                                                                   {"decay_steps", 5},
                                                                   {"decay_rate", 0.5},
                                                                   {"staircase", false},
                                                                   {"name", Value()}}));
  REQUIRE(found);
  CHECK(at(at(*found, "config"), "initial_learning_rate") == Value(0.02));
  CHECK(at(*found, "config").get<Dict>()->size() == 4);
  CHECK_FALSE(portable_schedule(object("WarmUp", {})));
  CHECK_FALSE(portable_schedule(object("ExponentialDecay", {{"sooner", 3}})));
  CHECK_FALSE(portable_schedule(Value("ExponentialDecay")));
}

TEST_CASE("metrics become classes, with the names that they have in the logs") {
  const Registry& registry = Registry::builtin();
  CHECK(*portable_metric(Value("accuracy"), registry) == Value("accuracy"));
  const auto wrapped = portable_metric(
      object("MeanMetricWrapper", {{"name", "accuracy"}, {"dtype", "float32"}, {"fn", "sparse_categorical_accuracy"}}),
      registry);
  REQUIRE(wrapped);
  CHECK(at(*wrapped, "class_name") == Value("SparseCategoricalAccuracy"));
  CHECK(at(at(*wrapped, "config"), "name") == Value("accuracy"));
  const auto shorter = portable_metric(Value("mae"), registry);
  REQUIRE(shorter);
  CHECK(at(*shorter, "class_name") == Value("MeanAbsoluteError"));
  CHECK(at(at(*shorter, "config"), "name") == Value("mae"));
  const auto top = portable_metric(object("TopKCategoricalAccuracy", {{"name", "top"}, {"k", 3}}), registry);
  REQUIRE(top);
  CHECK(at(at(*top, "config"), "k") == Value(3));
  CHECK_FALSE(portable_metric(object("MeanMetricWrapper", {{"name", "mine"}, {"fn", "mine"}}), registry));
  CHECK_FALSE(portable_metric(object("TopKCategoricalAccuracy", {{"name", "top"}, {"worst", 3}}), registry));
  CHECK_FALSE(portable_metric(object("Mine", {{"name", "mine"}}), registry));
}
