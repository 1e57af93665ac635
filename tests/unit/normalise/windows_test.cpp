// The passes about convolutions, repetitions and channels.
#include <catch2/catch.hpp>

#include "ir/constant.h"
#include "normalise/normalise.h"

using namespace keraft;

namespace {

class WindowNet {
 public:
  Graph graph;

  Edge input(const std::vector<int64_t>& sizes) {
    Dims dims(sizes.begin(), sizes.end());
    dims.insert(dims.begin(), Dim::symbol("B"));
    const Edge edge = op("ir/Input", {});
    graph.at(edge.node).outputs = {{DType::f32, Shape(dims)}};
    graph.inputs.push_back({"x", edge});
    return edge;
  }
  Edge op(const std::string& kind, std::vector<Edge> inputs, Dict attrs = {}) {
    Node node;
    node.name = "n" + std::to_string(graph.nodes.size());
    node.op = kind.starts_with("ir/") ? kind : "tf/" + kind;
    node.inputs = std::move(inputs);
    node.attrs = std::move(attrs);
    return {graph.add(std::move(node)), 0};
  }
  Edge ints(const std::vector<int64_t>& values) {
    return ir::add_ints(graph, "c" + std::to_string(graph.nodes.size()), values);
  }
  Edge number(int32_t value) {
    return ir::add_constant(graph, "c" + std::to_string(graph.nodes.size()),
                            make_tensor<int32_t>(DType::i32, {}, std::span(&value, 1)));
  }
  /// Elements first, first + 1, …
  Edge weight(const std::string& name, std::vector<int64_t> dims, float first = 0) {
    std::vector<float> values(static_cast<size_t>(element_count(dims)));
    for (float& value : values) value = first++;
    Weight one;
    one.name = name;
    one.value = make_tensor<float>(DType::f32, std::move(dims), values);
    one.variable = true;
    const Edge edge = op("ir/Weight", {});
    graph.at(edge.node).weight = static_cast<int32_t>(graph.weights.size());
    graph.weights.push_back(std::move(one));
    return edge;
  }
  const Node& simplified(Edge result) {
    graph.outputs = {{"y", result}};
    std::vector<std::pair<std::string, std::string>> lossy;
    const Control control;
    normalise::simplify({graph, Registry::builtin(), control, false, lossy, true});
    return graph.at(graph.outputs[0].edge.node);
  }
  const Tensor& value(Edge edge) const { return graph.weights.at(static_cast<size_t>(graph.at(edge.node).weight)).value; }
  Dict window(const char* format = "NHWC") {
    return {{"strides", Value::ints({1, 1, 1, 1})}, {"padding", "VALID"}, {"data_format", format}};
  }
};

}  // namespace

TEST_CASE("convolutions of the parts of an image are one in groups") {
  const bool shuffled = GENERATE(false, true);
  WindowNet net;
  const Edge parts = net.op("Split", {net.number(-1), net.input({5, 6, 4})}, {{"num_split", 2}});
  const Edge second{parts.node, 1};
  const auto group = [&](Edge part, float first) {
    const Edge conv = net.op("Conv2D", {part, net.weight("kernel", {1, 1, 2, 3}, first)}, net.window());
    return net.op("BiasAdd", {conv, net.weight("bias", {3}, first)});
  };
  const Edge a = group(shuffled ? second : parts, 0), b = group(shuffled ? parts : second, 10);
  const Node& result = net.simplified(net.op("ConcatV2", {a, b, net.number(3)}, {{"N", 2}}));
  if (shuffled) {
    CHECK(result.op == "tf/ConcatV2");
    return;
  }
  REQUIRE(result.op == "tf/BiasAdd");
  CHECK(net.value(result.inputs[1]).as<float>() == std::vector<float>{0, 1, 2, 10, 11, 12});
  const Node& conv = net.graph.at(result.inputs[0].node);
  REQUIRE(conv.op == "tf/Conv2D");
  CHECK(net.graph.at(conv.inputs[0].node).op == "ir/Input");
  CHECK(net.value(conv.inputs[1]).as<float>() == std::vector<float>{0, 1, 2, 10, 11, 12, 3, 4, 5, 13, 14, 15});
}

TEST_CASE("a kernel cut by Split is put together again") {
  WindowNet net;
  const Edge images = net.op("Split", {net.number(3), net.input({5, 6, 4})}, {{"num_split", 2}});
  const Edge kernel = net.weight("kernel", {1, 2, 2, 6});
  const std::vector<float> all = net.value(kernel).as<float>();
  const Edge kernels = net.op("Split", {net.number(3), kernel}, {{"num_split", 2}});
  const Edge a = net.op("Conv2D", {images, kernels}, net.window());
  const Edge b = net.op("Conv2D", {{images.node, 1}, {kernels.node, 1}}, net.window());
  const Node& result = net.simplified(net.op("ConcatV2", {a, b, net.number(3)}, {{"N", 2}}));
  REQUIRE(result.op == "tf/Conv2D");
  CHECK(net.value(result.inputs[1]).as<float>() == all);
}

TEST_CASE("a weight by channel that is added to a convolution is its bias") {
  WindowNet net;
  const bool by_channel = GENERATE(true, false);
  const Edge conv = net.op("Conv2D", {net.input({4, 5, 6}), net.weight("kernel", {1, 1, 4, 3})}, net.window("NCHW"));
  const std::vector<int64_t> dims = by_channel ? std::vector<int64_t>{3, 1, 1} : std::vector<int64_t>{6};
  const Node& result = net.simplified(net.op("AddV2", {net.weight("bias", dims), conv}));
  CHECK(result.op == (by_channel ? "tf/BiasAdd" : "tf/AddV2"));
  if (by_channel) CHECK(result.attrs.at("data_format") == Value("NCHW"));
}

TEST_CASE("every spelling of a repetition is one op, and nothing else is") {
  WindowNet net;
  const Edge x = net.input({3, 4});
  const auto steps = [&](std::vector<int32_t> ports) {
    const Edge split = net.op("Split", {net.number(1), x}, {{"num_split", 3}});
    std::vector<Edge> inputs;
    for (const int32_t port : ports) inputs.push_back({split.node, port});
    inputs.push_back(net.number(1));
    return net.op("ConcatV2", inputs, {{"N", static_cast<int64_t>(ports.size())}});
  };
  const auto tiles = [&](const std::vector<int64_t>& times, const std::vector<int64_t>& shape) {
    const Edge wide = net.op("ExpandDims", {x, net.number(2)});
    return net.op("Reshape", {net.op("Tile", {wide, net.ints(times)}), net.ints(shape)});
  };
  const auto gather = [&](const std::vector<int64_t>& indices) {
    return net.op("GatherV2", {x, net.ints(indices), net.number(1)});
  };
  SECTION("yes") {
    const int which = GENERATE(0, 1, 2);
    const Node& result = net.simplified(which == 0   ? steps({0, 0, 1, 1, 2, 2})
                                        : which == 1 ? tiles({1, 1, 2, 1}, {-1, 6, 4})
                                                     : gather({0, 0, 1, 1, 2, 2}));
    CHECK(result.op == "ir/Repeat");
    CHECK(result.attrs.at("axis") == Value(1));
    CHECK(result.attrs.at("times") == Value(2));
  }
  SECTION("no") {
    const int which = GENERATE(0, 1, 2, 3);
    const Node& result = net.simplified(which == 0   ? steps({0, 1, 0, 1, 2, 2})
                                        : which == 1 ? tiles({1, 1, 1, 2}, {-1, 6, 4})
                                        : which == 2 ? gather({0, 1, 2, 0, 1, 2})
                                                     : tiles({1, 1, 2, 1}, {-1, 3, 8}));
    CHECK(result.op != "ir/Repeat");
  }
}

TEST_CASE("ops between transposes of the channels compute with the channels first") {
  WindowNet net;
  const bool back = GENERATE(true, false);
  const Edge last = net.op("Transpose", {net.input({2, 6, 8}), net.ints({0, 2, 3, 1})});
  const Edge pool = net.op("MaxPool", {last},
                           {{"ksize", Value::ints({1, 3, 2, 1})},
                            {"strides", Value::ints({1, 3, 2, 1})},
                            {"padding", "VALID"},
                            {"data_format", "NHWC"}});
  const Node& result = net.simplified(net.op("Transpose", {pool, net.ints({0, back ? 3 : 2, 1, back ? 2 : 3})}));
  if (!back) {
    CHECK(result.op == "tf/Transpose");
    return;
  }
  REQUIRE(result.op == "tf/MaxPool");
  CHECK(result.attrs.at("ksize") == Value::ints({1, 1, 3, 2}));
  CHECK(result.attrs.at("data_format") == Value("NCHW"));
  CHECK(result.outputs[0].shape == Shape{Dim::symbol("B"), 2, 2, 4});
}

TEST_CASE("dilation of images of open sizes is told from the computed paddings") {
  WindowNet net;
  const Edge x = net.input({1, 4});
  net.graph.at(x.node).outputs[0].shape.dims()[1] = Dim::symbol("T");
  const Edge length = net.op("StridedSlice", {net.op("Shape", {x}), net.ints({1}), net.ints({2}), net.ints({1})});
  const Edge rest = net.op("FloorMod", {net.op("AddV2", {length, net.ints({4})}), net.ints({2})});
  const Edge extra = net.op("FloorMod", {net.op("Sub", {net.ints({2}), rest}), net.ints({2})});
  const auto table = [&](Edge before, Edge after) {
    return net.op("Pack", {net.op("ConcatV2", {before, after, net.number(0)}, {{"N", 2}})}, {{"N", 1}});
  };
  const int64_t pad = GENERATE(2, 1);
  const Edge pads = table(net.ints({2}), net.op("AddV2", {net.ints({pad}), extra})), crops = table(net.ints({0}), extra);
  const Edge forth = net.op("SpaceToBatchND", {x, net.ints({2}), pads});
  const Edge wide = net.op("ExpandDims", {forth, net.number(-3)});
  const Edge conv = net.op("Conv2D", {wide, net.weight("kernel", {1, 3, 4, 5})}, net.window());
  const Edge flat = net.op("Squeeze", {conv}, {{"squeeze_dims", Value::ints({-3})}});
  const Node& result = net.simplified(net.op("BatchToSpaceND", {flat, net.ints({2}), crops}));
  if (pad == 1) {
    CHECK(result.op == "tf/BatchToSpaceND");
    return;
  }
  REQUIRE(result.op == "tf/Squeeze");
  const Node& dilated = net.graph.at(result.inputs[0].node);
  CHECK(dilated.attrs.at("padding") == Value("SAME"));
  CHECK(dilated.attrs.at("dilations") == Value::ints({1, 1, 2, 1}));
}
