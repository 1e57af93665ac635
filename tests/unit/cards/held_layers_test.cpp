// Layers that hold others, and those that are read and written only.

#include <catch2/catch.hpp>

#include "cards/wrapped.h"

using namespace keraft;

namespace {

Value held(const char* cls, Dict config) { return Dict{{"class_name", cls}, {"config", std::move(config)}}; }

Layer holder(const char* cls, Dict config) {
  Layer out;
  out.cls = cls;
  out.config = std::move(config);
  return out;
}

std::vector<std::string> places(const Layer& layer) {
  std::vector<std::string> out;
  for (const auto& spec : cards::slots_of(layer, Registry::builtin()))
    out.push_back((spec.groups.empty() ? "" : spec.groups.front()) + " " + spec.slot);
  return out;
}

}  // namespace

TEST_CASE("the weights of layers inside a layer are its own, in Keras' order") {
  const Layer both = holder("Bidirectional", {{"layer", held("GRU", {{"units", 3}})}});
  CHECK(places(both) ==
        std::vector<std::string>{"forward_layer/cell forward_kernel", "forward_layer/cell forward_recurrent_kernel",
                                 "forward_layer/cell forward_bias", "backward_layer/cell backward_kernel",
                                 "backward_layer/cell backward_recurrent_kernel", "backward_layer/cell backward_bias"});
  const List cells{held("LSTMCell", {{"units", 3}, {"use_bias", false}}),
                   held("LSTMCell", {{"units", 2}, {"use_bias", false}})};
  const Layer stacked = holder("RNN", {{"cell", held("StackedRNNCells", {{"cells", cells}})}});
  CHECK(places(stacked) ==
        std::vector<std::string>{"cell/cells/lstm_cell cells_0_kernel", "cell/cells/lstm_cell cells_0_recurrent_kernel",
                                 "cell/cells/lstm_cell_1 cells_1_kernel", "cell/cells/lstm_cell_1 cells_1_recurrent_kernel"});
  const Layer steps = holder("TimeDistributed", {{"layer", held("BatchNormalization", {{"scale", false}})}});
  CHECK(places(steps) == std::vector<std::string>{"layer beta", "layer moving_mean", "layer moving_variance"});
  CHECK_FALSE(cards::spec_of(steps, "moving_mean", Registry::builtin())->trainable);
  CHECK(cards::spec_of(both, "backward_bias", Registry::builtin())->groups.front() == "backward_layer/cell");
  CHECK_FALSE(cards::spec_of(both, "bias", Registry::builtin()));
}

TEST_CASE("a layer does not run where one that it holds does not") {
  const Registry& registry = Registry::builtin();
  CHECK(cards::no_ops(holder("TimeDistributed", {{"layer", held("Flatten", {})}}), registry).empty());
  CHECK(cards::no_ops(holder("TimeDistributed", {{"layer", held("LSTM", {{"units", 3}})}}), registry).find("LSTM") !=
        std::string::npos);
  CHECK(cards::no_ops(holder("Nobody", {}), registry).find("no card") != std::string::npos);
  Value deep = held("Flatten", {});
  for (int i = 0; i < 9; ++i) deep = held("TimeDistributed", {{"layer", deep}});
  CHECK_FALSE(cards::no_ops(holder("TimeDistributed", {{"layer", deep}}), registry).empty());
}
