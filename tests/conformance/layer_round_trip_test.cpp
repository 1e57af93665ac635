// Every layer card: recover(lower(sample)) is the sample, for all samples.

#include <catch2/catch.hpp>
#include <random>

#include "cards/infer.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "layer_weights.h"
#include "lower/lower.h"
#include "normalise/normalise.h"
#include "recover/recover.h"

using namespace keraft;
using conformance::give_weights;

namespace {

Tensor random_tensor(std::vector<int64_t> dims, std::mt19937& random) {
  std::vector<float> values(static_cast<size_t>(element_count(dims)));
  std::uniform_real_distribution<float> some(0.3F, 1.7F);
  for (float& value : values) value = some(random);
  return make_tensor<float>(DType::f32, std::move(dims), values);
}

Graph sample_graph(const LayerCard& card, const LayerCard::Sample& sample) {
  const auto& [config, inputs, sizes] = sample;
  std::mt19937 random(7);
  Graph graph;
  Node call;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Node input;
    input.name = "x" + std::to_string(i);
    input.op = "ir/Input";
    Dims dims(inputs[i].begin(), inputs[i].end());
    dims[0] = Dim::symbol("B");
    input.outputs = {{DType::f32, Shape(dims)}};
    const Edge edge{graph.add(std::move(input)), 0};
    graph.inputs.push_back({"x" + std::to_string(i), edge});
    call.inputs.push_back(edge);
  }
  Layer layer;
  layer.name = "layer";
  layer.cls = card.cls;
  layer.config = config;
  conformance::complete(layer, card);
  give_weights(graph, layer, inputs[0], sizes,
               [&](const std::string&, std::vector<int64_t> dims) { return random_tensor(std::move(dims), random); });
  graph.layers.push_back(std::move(layer));
  call.name = "layer";
  call.op = "keras/" + card.cls;
  call.layer = 0;
  graph.outputs.push_back({"y", {graph.add(std::move(call)), 0}});
  return graph;
}

}  // namespace

TEST_CASE("every layer card has samples") {
  for (const LayerCard* card : Registry::builtin().layers()) {
    INFO(card->cls);
    CHECK_FALSE(card->samples.empty());
    CHECK_FALSE(card->summary.empty());
  }
}

TEST_CASE("recover(lower(sample)) is the sample") {
  const Registry& registry = Registry::builtin();
  const Control control;
  for (const LayerCard* card : registry.layers()) {
    for (const LayerCard::Sample& sample : card->samples) {
      const auto& [config, inputs, sizes] = sample;
      INFO(card->cls << " " << Value(config).text());
      const auto layer = cards::layer_of(Dict{{"class_name", card->cls}, {"config", config}});
      if (!card->lowers()) {
        CHECK_FALSE(cards::no_ops(*layer, registry).empty());
        continue;
      }
      const Graph keras = sample_graph(*card, sample);
      Graph graph = lower::lower(keras, registry);
      if (card->rules.empty() && card->finders.empty()) {  // leaves no trace in a graph, or another layer's; it is only written
        infer_types(graph, registry, control);
        CHECK(graph.type(graph.outputs[0].edge).shape.has_rank());
        continue;
      }
      std::vector<std::pair<std::string, std::string>> lossy;
      normalise::simplify({graph, registry, control, false, lossy, true});
      recover::recover_layers(graph, registry, control);
      recover::fold_functions(graph, registry);
      graph.compact();
      INFO(graph.print());
      std::vector<const Node*> calls;
      for (const Node& node : graph.nodes) {
        if (node.layer >= 0) calls.push_back(&node);
      }
      REQUIRE(calls.size() == 1);
      const Layer& got = graph.layers[static_cast<size_t>(calls[0]->layer)];
      const Layer& want = keras.layers[0];
      const bool plain_relu = card->cls == "ReLU" && config.empty();  // one op, and the Activation layer says it shorter
      if (plain_relu) continue;
      CHECK(got.cls == want.cls);
      CHECK(Value(got.config).text() == Value(want.config).text());
      REQUIRE(got.slots.size() == want.slots.size());
      for (size_t i = 0; i < got.slots.size(); ++i) {
        CHECK(got.slots[i].name == want.slots[i].name);
        CHECK(same_contents(got.slots[i].value, want.slots[i].value));
      }
      CHECK(calls[0]->inputs.size() == inputs.size());
    }
  }
}
