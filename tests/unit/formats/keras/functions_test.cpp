// Functions of TensorFlow and slices in Keras 2 files, and what configs say in words of NumPy or of quantisation.

#include <catch2/catch.hpp>

#include "formats/keras/read_config.h"
#include "formats/wire/json.h"
#include "keraft/error.hpp"
#include "keraft/tensor.hpp"
#include "recover/recover.h"
#include "status_of.h"

using namespace keraft;
using namespace keraft::formats;

namespace {

/// A model of an input "in" [B, 6, 5] and of one more layer "f", whose result it gives.
Graph one_layer(const std::string& cls, const std::string& config, const std::string& call) {
  const std::string text = R"({"class_name": "Functional", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_input_shape": [null, 6, 5], "dtype": "float32"},
     "inbound_nodes": []},
    {"class_name": ")" + cls +
                           R"(", "name": "f", "config": {"name": "f")" + config + R"(}, "inbound_nodes": [)" + call +
                           R"(]}], "input_layers": [["in", 0, 0]], "output_layers": [["f", 0, 0]]}})";
  const Control control;
  base::Budget budget(control);
  Nesting nesting;
  return read_model_dict(wire::parse_json(text, budget, {}), budget, Registry::builtin(), "here", nesting);
}

Graph sliced(const std::string& spec) {
  return one_layer("SlicingOpLambda", R"(, "function": "__operators__.getitem")",
                   R"(["in", 0, 0, {"slice_spec": )" + spec + "}]");
}

const Node& result(const Graph& graph) { return graph.at(graph.outputs.front().edge.node); }

std::vector<int32_t> bounds(const Graph& graph, size_t input) {
  return graph.at(result(graph).inputs.at(input).node).attrs.at("value").get<Tensor>()->as<int32_t>();
}

}  // namespace

TEST_CASE("a slice of Python is the op that TensorFlow makes of it") {
  const Graph graph = sliced(
      R"([{"start": null, "stop": null, "step": null}, -1, {"start": 1, "stop": 4, "step": 2}, null, {"class_name": "__ellipsis__"}])");
  CHECK(bounds(graph, 1) == std::vector<int32_t>{0, -1, 1, 0, 0});
  CHECK(bounds(graph, 2) == std::vector<int32_t>{0, 0, 4, 0, 0});
  CHECK(bounds(graph, 3) == std::vector<int32_t>{1, 1, 2, 1, 1});
  const Dict& attrs = result(graph).attrs;
  CHECK(attrs.at("begin_mask") == Value(1));
  CHECK(attrs.at("end_mask") == Value(1));
  CHECK(attrs.at("shrink_axis_mask") == Value(2));
  CHECK(attrs.at("new_axis_mask") == Value(8));
  CHECK(attrs.at("ellipsis_mask") == Value(16));
  CHECK(bounds(sliced("2"), 2) == std::vector<int32_t>{3});
  CHECK(status_of([] { sliced("[9223372036854775807]"); }) != Status::internal);
  CHECK(status_of([] { one_layer("SlicingOpLambda", "", R"(["in", 0, 0, {}])"); }) == Status::format);
}

TEST_CASE("functions go by several names") {
  const auto op = [](const std::string& function, const std::string& call) {
    return result(one_layer("TFOpLambda", R"(, "function": ")" + function + "\"", call)).op;
  };
  CHECK(op("__operators__.add", R"(["in", 0, 0, {"y": 2.0, "name": null}])") == "keras.ops/Add");
  CHECK(op("math.truediv", R"(["_CONSTANT_VALUE", -1, 3.0, {"y": ["in", 0, 0], "name": null}])") == "keras.ops/Divide");
  CHECK(op("compat.v1.transpose", R"(["in", 0, 0, {"perm": [0, 2, 1], "name": "transpose", "conjugate": false}])") ==
        "keras.ops/Transpose");
  CHECK(op("compat.v1.transpose", R"(["in", 0, 0, {"perm": [0, 2, 1], "name": null, "conjugate": true}])") ==
        "keras/TFOpLambda");
}

TEST_CASE("an op of TensorFlow in a layer of its own has its constants where they were") {
  const auto op = [](const std::string& name, const std::string& attrs, const std::string& constants,
                     const std::string& call = R"([["in", 0, 0, {}]])") {
    return one_layer("TensorFlowOpLayer",
                     R"(, "node_def": {"name": "n", "op": ")" + name + R"(", "input": [], "attr": {)" + attrs +
                         R"(}}, "constants": {)" + constants + "}",
                     call);
  };
  const char* real = R"("T": {"type": "DT_FLOAT"})";
  const Graph less = op("Sub", real, R"("0": 1.5)");
  CHECK(result(less).op == "tf/Sub");
  CHECK(result(less).attrs == Dict{{"T", DType::f32}});
  CHECK(less.at(result(less).inputs.at(0).node).attrs.at("value").get<Tensor>()->as<float>() == std::vector<float>{1.5});
  CHECK(less.at(result(less).inputs.at(1).node).op == "ir/Input");
  const Graph joined = op("ConcatV2", std::string(real) + R"(, "N": {"i": "2"}, "Tidx": {"type": "DT_INT64"})", R"("2": -1)",
                          R"([["in", 0, 0, {}], ["in", 0, 0, {}]])");
  const Tensor* axis = joined.at(result(joined).inputs.at(2).node).attrs.at("value").get<Tensor>();
  CHECK(axis->as<int64_t>() == std::vector<int64_t>{-1});
  const Graph picked = op("Squeeze", std::string(real) + R"(, "squeeze_dims": {"list": {"i": ["1", "-2"]}})", "");
  CHECK(result(picked).attrs.at("squeeze_dims") == Value::ints({1, -2}));
  CHECK(result(op("Squeeze", std::string(real) + R"(, "squeeze_dims": {"list": {}})", "")).attrs.at("squeeze_dims") ==
        Value(List{}));
  const Graph added = op("BiasAdd", std::string(real) + R"(, "data_format": {"s": "TkhXQw=="})", R"("1": [1, 2, 3, 4, 5])");
  CHECK(result(added).attrs.at("data_format") == Value("NHWC"));

  CHECK(result(op("NoSuchOp", real, "")).op == "tf/NoSuchOp");
  CHECK(status_of([&] { op("Sub", R"("T": {"type": "DT_NONE"})", R"("0": 1.5)"); }) == Status::unsupported);
  CHECK(status_of([&] { op("Sub", real, ""); }) == Status::format);
  CHECK(status_of([&] { op("Sub", real, R"("2": 1.5)"); }) == Status::format);
  CHECK(status_of([&] { op("Sub", real, R"("0": {})"); }) == Status::format);
  CHECK(status_of([&] { op("ConcatV2", std::string(real) + R"(, "N": {"i": "-1"})", ""); }) == Status::format);
}

TEST_CASE("an operation is known without its module, as an .h5 has it") {
  const char* call = R"({"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 6, 5], "dtype": "float32",
       "keras_history": ["in", 0, 0]}}], "kwargs": {}})";
  const Graph graph = one_layer("Cast", R"(, "dtype": "float16")", call);
  CHECK(result(graph).op == "keras.ops/Cast");
  CHECK(graph.layers.empty());
  CHECK(one_layer("Softmax", "", call).layers.size() == 1);  // a layer and an operation have this name
}

TEST_CASE("numbers of NumPy are numbers, and quantised layers are none that can be read") {
  const Graph graph =
      one_layer("ReLU", R"(, "max_value": {"class_name": "__numpy__", "config": {"value": 6.0, "dtype": "float32"}})",
                R"([["in", 0, 0, {}]])");
  CHECK(graph.layers.front().config.at("max_value") == Value(6.0));
  for (const char* dtype : {R"("int8_from_float32")", R"({"class_name": "QuantizedDTypePolicy",
       "config": {"mode": "int8", "source_name": "float32"}})"}) {
    CHECK(status_of([&] { one_layer("Dense", R"(, "units": 3, "dtype": )" + std::string(dtype), R"([["in", 0, 0, {}]])"); }) ==
          Status::unsupported);
  }
}

TEST_CASE("names that Keras refuses are spelled otherwise, and never like another's") {
  Graph graph = one_layer("Dense", R"(, "units": 3)", R"([["in", 0, 0, {}]])");
  graph.layers.push_back(graph.layers.front());
  graph.layers.push_back(graph.layers.front());
  graph.layers[0].name = "a/b";
  graph.layers[1].name = "a_b";
  graph.layers[2].name = "_c";
  graph.outputs.front().name = "a/b";
  const auto renamed = recover::make_names_legal(graph);
  CHECK(renamed == std::vector<std::pair<std::string, std::string>>{{"a/b", "a_b_1"}, {"_c", "layer_c"}});
  CHECK(graph.layers[0].name == "a_b_1");
  CHECK(graph.layers[1].name == "a_b");
  CHECK(graph.outputs.front().name == "a_b_1");
}
