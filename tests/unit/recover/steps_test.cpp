#include <algorithm>
#include <catch2/catch.hpp>

#include "keraft/convert.hpp"
#include "normalise/normalise.h"
#include "recover/recover.h"
#include "with_layers.h"

using namespace keraft;

namespace {

/// "TimeDistributed(Dense)", "tf/Reshape" … in order.
std::vector<std::string> gathered(Graph graph) {
  graph = test::with_layers(std::move(graph));
  const Registry& registry = Registry::builtin();
  recover::gather_layers(graph, registry);
  std::vector<std::string> out;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    if (node.layer < 0) {
      if (node.op.starts_with("tf/") && node.op != "tf/Const") out.push_back(node.op);
      continue;
    }
    const Layer& layer = graph.layers[static_cast<size_t>(node.layer)];
    const auto inner = layer.config.find("layer");
    const Dict* dict = inner == layer.config.end() ? nullptr : inner->second.get<Dict>();
    out.push_back(dict ? layer.cls + "(" + *dict->at("class_name").get<std::string>() + ")" : layer.cls.str());
    if (dict) CHECK(graph.type({id, 0}).shape.rank() >= 3);
  }
  return out;
}

using Classes = std::vector<std::string>;
using Ints = std::vector<int32_t>;

Classes gathered(const std::string& text, const std::vector<std::pair<std::string, Ints>>& all) {
  std::map<std::string, Tensor> constants;
  for (const auto& [name, values] : all)
    constants.emplace(name, make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, std::span(values)));
  return gathered(test::with_constants(text, constants));
}

Classes joined(const std::string& shape, const Ints& there, const Ints& back) {
  return gathered(
      "weight \"w\" float32 [4, 5] {variable: true}\nweight \"b\" float32 [5] {variable: true}\n"
      "x = ir/Input() : float32 " +
          shape +
          "\nw = ir/Weight(weight=0)\nb = ir/Weight(weight=1)\nr = tf/Reshape(x, i)\nm = tf/MatMul(r, w)\n"
          "a = tf/BiasAdd(m, b)\nf = tf/Relu(a)\ny = tf/Reshape(f, o)\ninput \"x\" x\noutput \"y\" y\n",
      {{"i", there}, {"o", back}});
}

Classes apart(int32_t first, int32_t second, const std::string& order) {
  return gathered(
      "weight \"w\" float32 [4, 5] {variable: true}\nx = ir/Input() : float32 [B, 2, 4]\nw = ir/Weight(weight=0)\n"
      "t = tf/Transpose(x, p)\ns0 = tf/StridedSlice(t, b0, e0, one, shrink_axis_mask=1)\n"
      "s1 = tf/StridedSlice(t, b1, e1, one, shrink_axis_mask=1)\nm0 = tf/MatMul(s0, w)\nm1 = tf/MatMul(s1, w)\n"
      "k = tf/Pack(" +
          order + ", axis=0, N=2)\ny = tf/Transpose(k, p)\ninput \"x\" x\noutput \"y\" y\n",
      {{"p", {1, 0, 2}}, {"one", {1}}, {"b0", {first}}, {"e0", {first + 1}}, {"b1", {second}}, {"e1", {second + 1}}});
}

bool none(const Classes& found) {
  return std::none_of(found.begin(), found.end(), [](const std::string& one) { return one.starts_with("TimeDistributed"); });
}

}  // namespace

TEST_CASE("a layer between a reshape to one batch and back is called for each step") {
  CHECK(joined("[B, 3, 4]", {-1, 4}, {-1, 3, 5}) == Classes{"TimeDistributed(Dense)"});
  CHECK(joined("[B, 3, 2, 2]", {-1, 4}, {-1, 3, 5}) == Classes{"TimeDistributed(Flatten)", "TimeDistributed(Dense)"});
}

TEST_CASE("reshapes that do not keep the steps stay what they are") {
  CHECK(none(joined("[B, 6, 4]", {-1, 4}, {-1, 3, 5})));
  CHECK(none(joined("[B, 3, 8]", {-1, 4}, {-1, 3, 10})));
  CHECK(none(joined("[B, 3, 8]", {-1, 4}, {-1, 6, 5})));
}

TEST_CASE("a layer called on each index of axis 1 is called for each step") {
  CHECK(apart(0, 1, "m0, m1") == Classes{"TimeDistributed(Dense)"});
  CHECK(none(apart(0, 1, "m1, m0")));
  CHECK(none(apart(1, 0, "m0, m1")));
  CHECK(none(apart(0, 0, "m0, m1")));
}
