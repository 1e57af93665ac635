// Models inside a model, and configs that some Keras 2 wrote.

#include <catch2/catch.hpp>

#include "cards/wrapped.h"
#include "formats/keras/portable_config.h"
#include "formats/keras/read_config.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"
#include "status_of.h"

using namespace keraft;
using namespace keraft::formats;

namespace {

const char* const dense_text = R"({"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 4},
  "inbound_nodes": [[["in", 0, 0, {}]]]})";

/// A model with the layer "d" and a model "body" with a layer "d" of its own, which is called twice.
std::string model(const std::string& second_call) {
  const std::string input = R"({"class_name": "InputLayer", "name": "in",
    "config": {"name": "in", "batch_input_shape": [null, 4], "dtype": "float32"}, "inbound_nodes": []})";
  const std::string body = R"({"class_name": "Functional", "name": "body", "config": {"name": "body", "layers": [)" + input +
                           "," + dense_text + R"(], "input_layers": [["in", 0, 0]], "output_layers": [["d", 0, 0]]},
    "inbound_nodes": [[["d", 0, 0, {}]], [)" +
                           second_call + "]]}";
  return R"({"class_name": "Functional", "config": {"name": "whole", "layers": [)" + input + "," + body + "," + dense_text +
         R"(], "input_layers": [["in", 0, 0]], "output_layers": [["body", 2, 0]]}})";
}

Graph read_flat(const std::string& text, Nesting& nesting) {
  const Control control;
  base::Budget budget(control);
  return read_model_dict(wire::parse_json(text, budget, {}), budget, Registry::builtin(), "here", nesting);
}

}  // namespace

TEST_CASE("a model inside a model shares its layers between its calls and gives way with their names") {
  Nesting nesting;
  const Graph graph = read_flat(model(R"(["body", 1, 0, {}])"), nesting);
  REQUIRE(graph.layers.size() == 2);
  std::map<std::string, LayerPath> path_of;
  for (size_t i = 0; i < 2; ++i) path_of[graph.layers[i].name] = nesting.paths[i];
  CHECK(path_of == std::map<std::string, LayerPath>{{"d", {"d"}}, {"body_d", {"body", "d"}}});
  std::vector<std::string> called;
  for (const NodeId id : graph.order()) {
    if (graph.at(id).layer >= 0) called.push_back(graph.layers[static_cast<size_t>(graph.at(id).layer)].name);
  }
  CHECK(called == std::vector<std::string>{"d", "body_d", "body_d"});
  CHECK(graph.nodes.size() == 4);
  REQUIRE(nesting.children.size() == 2);
  std::vector<std::string> ordered;
  for (const auto& child : nesting.children.at({})) ordered.push_back(child.name + (child.is_model ? "*" : ""));
  CHECK(ordered == std::vector<std::string>{"d", "body*"});
}

TEST_CASE("a model that is called for inference says so to the layers that would act otherwise") {
  std::string text = model(R"(["body", 1, 0, {"training": false}])");
  for (size_t at = 0; (at = text.find("Dense", at)) != std::string::npos; at += 7) text.replace(at, 5, "Dropout");
  for (size_t at = 0; (at = text.find("\"units\": 4", at)) != std::string::npos; ++at) text.replace(at, 10, "\"rate\": 0.5");
  Nesting nesting;
  const Graph graph = read_flat(text, nesting);
  std::vector<bool> told;
  for (const NodeId id : graph.order()) {
    if (graph.at(id).layer >= 0) told.push_back(graph.at(id).attrs == Dict{{"training", false}});
  }
  CHECK(told == std::vector<bool>{false, false, true});
}

TEST_CASE("calls of a model inside a model that are not there are refused") {
  Nesting nesting;
  CHECK(status_of([&] { read_flat(model(R"(["body", 0, 0, {}])"), nesting); }) == Status::format);
  CHECK(status_of([&] { read_flat(model(R"(["body", 2, 0, {}])"), nesting); }) == Status::format);
  CHECK(status_of([&] { read_flat(model(R"(["body", 1, 1, {}])"), nesting); }) == Status::format);
}

TEST_CASE("a config keeps what counts and what acts in training") {
  Layer layer;
  layer.cls = "Dense";
  const Dict l2{{"class_name", "L2"}, {"config", Dict{{"l2", 0.5}}}, {"shared_object_id", 3}};
  layer.config = {{"units", 4},
                  {"use_bias", true},
                  {"activation", Dict{{"class_name", "function"}, {"config", "relu"}}},
                  {"kernel_regularizer", l2},
                  {"bias_regularizer", Value()},
                  {"bias_initializer", Dict{{"class_name", "MyOwn"}, {"config", Dict{}}}}};
  const auto left = make_portable(layer, Registry::builtin());
  REQUIRE(left.size() == 1);
  CHECK(left[0].find("bias_initializer") != std::string::npos);
  const Dict portable{
      {"class_name", "L2"}, {"config", Dict{{"l2", 0.5}}}, {"module", "keras.regularizers"}, {"registered_name", Value()}};
  CHECK(Value(layer.config) == Value(Dict{{"units", 4}, {"activation", "relu"}, {"kernel_regularizer", portable}}));
  layer.config["depthwise_initializer"] = Dict{{"class_name", "Ones"}, {"config", Dict{}}};
  CHECK(make_portable(layer, Registry::builtin()).empty());
  CHECK_FALSE(layer.config.contains("depthwise_initializer"));  // it has no such weight
  layer.config["surprise"] = 3;
  CHECK(status_of([&] { make_portable(layer, Registry::builtin()); }) == Status::unsupported);
}

TEST_CASE("a wrapper has the slots of the layer inside") {
  const auto wrapped = [](const char* cls, Dict config) {
    return Value(Dict{{"class_name", cls}, {"config", std::move(config)}});
  };
  Layer layer;
  layer.cls = "TimeDistributed";
  layer.config["layer"] = wrapped("TimeDistributed", {{"layer", wrapped("Dense", {{"units", 3}, {"use_bias", false}})}});
  const auto slots = cards::slots_of(layer, Registry::builtin());
  REQUIRE(slots.size() == 1);
  CHECK(slots[0].slot == "kernel");
  CHECK(slots[0].groups == std::vector<std::string>{"layer/layer"});
  CHECK_FALSE(cards::spec_of(layer, "gamma", Registry::builtin()));
}
