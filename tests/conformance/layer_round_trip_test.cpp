// Every layer card: recover(lower(sample)) is the sample, for all samples.

#include <catch2/catch.hpp>
#include <random>

#include "cards/infer.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "lower/lower.h"
#include "normalise/normalise.h"
#include "recover/recover.h"

using namespace keraft;

namespace {

/// Sizes of a slot of any rank: those of the axes, or of the whole input behind the batch with 1 on shared axes.
std::vector<int64_t> any_sizes(const LayerCard& card, const Dict& config, const std::vector<int64_t>& input) {
  std::vector<int64_t> out(input.begin() + 1, input.end());
  if (!card.field("axis")) {
    for (const int64_t axis : card.value(config, "shared_axes").as_ints().value_or(std::vector<int64_t>{}))
      out[static_cast<size_t>(axis - 1)] = 1;
    return out;
  }
  out.clear();
  const Value& axis = card.value(config, "axis");
  for (const int64_t one : axis.as_ints().value_or(std::vector<int64_t>{axis.get<int64_t>() ? *axis.get<int64_t>() : 0}))
    out.push_back(input[static_cast<size_t>(one < 0 ? one + static_cast<int64_t>(input.size()) : one)]);
  return out;
}

/// Sizes of a slot's axes: config entries, numbers, or free names taken from `free`.
std::vector<int64_t> slot_sizes(const cards::OwnedSpec& spec, std::map<std::string, int64_t>& free) {
  const LayerCard& card = *Registry::builtin().layer(spec.owner->cls);
  const Dict& config = spec.owner->config;
  std::vector<int64_t> out;
  for (const std::string& name : spec.dims) {
    const size_t dot = name.find('.');
    const Value& entry = card.value(config, name.substr(0, dot));
    if (name.find_first_not_of("0123456789") == std::string::npos)
      out.push_back(std::stoll(name));
    else if (dot != std::string::npos)
      out.push_back(entry.as_ints()->at(std::stoul(name.substr(dot + 1))));
    else if (entry.get<int64_t>())
      out.push_back(*entry.get<int64_t>());
    else
      out.push_back(free.at(name));
  }
  return out;
}

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
  for (const auto& field : card.fields) {
    if (field.always && field.fallback) layer.config.try_emplace(field.name, *field.fallback);
  }
  const Value& axis = card.value(config, "axis");
  const bool inner = axis.get<int64_t>() && *axis.get<int64_t>() > 0;
  const int64_t channels = inner ? inputs[0][static_cast<size_t>(*axis.get<int64_t>())] : inputs[0].back();
  const Value &groups = card.value(config, "groups"), &multiplier = card.value(config, "depth_multiplier");
  std::map<std::string, int64_t> free{{"in", channels / (groups.get<int64_t>() ? *groups.get<int64_t>() : 1)},
                                      {"channels", channels}};
  free["out"] = free["inner"] = channels * (multiplier.get<int64_t>() ? *multiplier.get<int64_t>() : 1);
  for (const cards::OwnedSpec& spec : cards::slots_of(layer, Registry::builtin())) {
    Weight weight;
    weight.name = "layer/" + spec.slot;
    const auto given = sizes.find(spec.slot);
    weight.value = random_tensor(given != sizes.end() ? given->second
                                 : spec.any_shape()   ? any_sizes(card, layer.config, inputs[0])
                                                      : slot_sizes(spec, free),
                                 random);
    weight.variable = true;
    layer.slots.push_back({spec.slot, static_cast<int32_t>(graph.weights.size()), weight.value});
    graph.weights.push_back(std::move(weight));
  }
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
