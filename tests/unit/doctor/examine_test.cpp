#include <catch2/catch.hpp>

#include "doctor/accepts.h"
#include "doctor/examine_config.h"

using namespace keraft;
using namespace keraft::doctor;

namespace {

Dict layer(const std::string& cls, Dict config, List nodes = {}, const char* module = "keras.layers") {
  config["name"] = "one";
  return {{"class_name", cls}, {"config", std::move(config)}, {"module", module}, {"inbound_nodes", std::move(nodes)}};
}

Value sequential(List layers, const char* module = "keras") {
  return Dict{{"class_name", "Sequential"}, {"module", module}, {"config", Dict{{"layers", std::move(layers)}}}};
}

/// A list of one. Compilers do not agree on what List{List{…}} is.
List holding(Value one) {
  List out;
  out.push_back(std::move(one));
  return out;
}

/// "3.4-3.12": the versions that a finding about `part` is of.
Versions refused(const Value& model, Container container, const std::string& part) {
  Findings findings;
  examine_config(model, container, findings);
  Versions out;
  for (const Finding& one : findings.all()) {
    if (one.what.find(part) != std::string::npos) out |= one.refuse;
  }
  return out;
}

}  // namespace

TEST_CASE("ranges of versions name versions, in both lines") {
  CHECK(versions("2.6-2.21,3.0-3.15").all());
  CHECK(versions("").none());
  CHECK(versions("2.15").count() == 1);
  CHECK(version_name(0) == "2.6");
  CHECK(version_name(version_count - 1) == "3.15");
  for (size_t i = 0; i < version_count; ++i) CHECK(versions(version_name(i)) == Versions().set(i));
}

TEST_CASE("the table knows what constructors take") {
  Accepts accepts;
  const Symbol* dense = accepts.find("layers/Dense");
  REQUIRE(dense);
  CHECK(dense->there.all());
  CHECK(dense->keys.at("units").all());
  CHECK(dense->keys.at("dtype").all());  // of every layer
  CHECK(dense->keys.at("quantization_config") == versions("3.13-3.15"));
  CHECK(dense->keys.at("batch_input_shape") == keras2());
  CHECK(accepts.find("layers/TFOpLambda")->there == keras2());
  CHECK(accepts.find("activations/silu")->there == keras3());
  CHECK(accepts.find("layers/NoSuchLayer") == nullptr);
  CHECK(accepts.find("") == nullptr);
}

TEST_CASE("an entry is refused by the versions that do not know it") {
  const auto model = sequential({layer("Dense", {{"units", 3}, {"quantization_config", Value()}})});
  CHECK(refused(model, Container::archive, "'quantization_config'") == versions("2.6-2.21,3.0-3.12"));
  CHECK(refused(model, Container::archive, "'units'").none());
  const auto old = sequential({layer("Dense", {{"units", 3}, {"batch_input_shape", List{Value(), 4}}})});
  CHECK(refused(old, Container::archive, "'batch_input_shape'") == keras3());
  CHECK(refused(old, Container::h5, "'batch_input_shape'").none());
}

TEST_CASE("classes: of one line, of nobody, inside others") {
  CHECK(refused(sequential({layer("ThresholdedReLU", {})}), Container::h5, "'ThresholdedReLU'") == keras3());
  CHECK(refused(sequential({layer("MyLayer", {})}), Container::h5, "'MyLayer'").all());
  const Dict lstm{{"class_name", "LSTM"}, {"config", Dict{{"units", 3}, {"time_major", false}}}};
  const auto inside = sequential({layer("Bidirectional", {{"layer", lstm}})});
  CHECK(refused(inside, Container::h5, "without its module") == keras3());
  CHECK(refused(inside, Container::h5, "'time_major'") == keras3());
  const Dict glorot{
      {"class_name", "GlorotUniform"}, {"config", Dict{{"input_axes", Value()}}}, {"module", "keras.initializers"}};
  CHECK(refused(sequential({layer("Dense", {{"kernel_initializer", glorot}})}), Container::h5, "'input_axes'") ==
        versions("2.6-2.21,3.0-3.14"));
}

TEST_CASE("forms: modules, calls, names, code") {
  const auto functional = [](const char* module) {
    return Value(Dict{{"class_name", "Functional"}, {"module", module}, {"config", Dict{{"layers", List{}}}}});
  };
  CHECK(refused(functional("keras.src.models.functional"), Container::archive, "no module") == keras2());
  CHECK(refused(functional("keras.src.models.functional"), Container::h5, "no module").none());
  CHECK((refused(functional("keras.src.engine.functional"), Container::archive, "no module") & keras3()) == keras3());
  CHECK(refused(sequential({layer("Add", {}, {Dict{{"args", List{}}}})}), Container::h5, "in the form of Keras 3") == keras2());
  Dict slash = layer("Dense", {{"units", 1}});
  slash["config"] = Dict{{"name", "a/b"}, {"units", 1}};
  CHECK(refused(sequential({slash}), Container::h5, "'/'") == keras3());
  const auto inside = [&](int64_t call) {
    const auto called_on = [](const char* name, int64_t index) { return holding(holding(List{name, index, 0, Dict{}})); };
    Dict inner = layer("Functional", {{"layers", List{}}}, called_on("x", 0), "");
    inner["name"] = "inner";
    return Value(Dict{{"class_name", "Functional"},
                      {"config", Dict{{"layers", List{inner, layer("Add", {}, called_on("inner", call))}}}}});
  };
  CHECK(refused(inside(1), Container::h5, "counted from 1") == keras3());
  CHECK(refused(inside(0), Container::h5, "counted from 1").none());
  const Dict code{{"class_name", "__lambda__"}, {"config", Dict{}}};
  CHECK((refused(sequential({layer("Lambda", {{"function", code}})}), Container::archive, "safe mode") & keras3()) == keras3());
  CHECK(refused(Value(Dict{{"class_name", "MyModel"}}), Container::archive, "whose code").all());
  CHECK(refused(Value(3), Container::archive, "no model").all());
}
