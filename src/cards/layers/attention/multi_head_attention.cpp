#include <algorithm>
#include <cmath>

#include "cards/attention.h"

namespace keraft {
namespace {

using namespace cards;

bool reads_heads(Match& m) {
  auto found = read_heads(*m.graph, m.nodes.front());
  if (!found || found->heads != found->groups) return false;
  const auto size = [&](const std::string& slot, size_t axis) { return found->weights.at(slot).value.dims[axis]; };
  m.weights.insert(found->weights.begin(), found->weights.end());
  m.config["use_bias"] = found->bias;
  if (found->dropout != 0) m.config["dropout"] = found->dropout;
  if (size("output_kernel", 2) != size("query_kernel", 0)) m.config["output_shape"] = Value::ints({size("output_kernel", 2)});
  if (!found->attention_axes.empty()) m.config["attention_axes"] = Value::ints(found->attention_axes);
  if (found->causal) m.call["use_causal_mask"] = true;
  m.inputs = {found->query.edge, found->value.edge};
  if (found->key.edge != found->value.edge) m.inputs.push_back(found->key.edge);
  m.nodes = found->nodes;
  return true;
}

/// The letters of the axes: b, then those of query and value, n heads, h of each.
struct Letters {
  std::string query, value, scores;
  size_t attended = 0;
};

/// For the axes between batch and features. All small: ONNX Runtime does not tell "b" from "B".
constexpr std::string_view query_letters = "tuvwxyza", value_letters = "sefgijkl";

Letters letters(LowerContext& c, size_t rank) {
  const auto axes = c.config("attention_axes").as_ints();
  Letters out{"b", "b", "b", 0};
  std::string from, to;
  for (size_t i = 1; i + 1 < rank; ++i) {
    const auto axis = static_cast<int64_t>(i), back = axis - static_cast<int64_t>(rank);
    const bool attends = !axes || std::any_of(axes->begin(), axes->end(), [&](int64_t a) { return a == axis || a == back; });
    out.query += query_letters[i - 1];
    out.value += attends ? value_letters[i - 1] : out.query.back();
    (attends ? from : out.scores) += out.query.back();
    if (attends) to += out.value.back();
  }
  out.scores += "n" + from + to;
  out.attended = to.size();
  return out;
}

Edge lower_heads(LowerContext& c) {
  if (c.inputs().size() < 2 || c.inputs().size() > 3) c.fail("needs query and value, and perhaps key");
  const Edge query = c.inputs()[0], value = c.inputs()[1], key = c.inputs().size() > 2 ? c.inputs()[2] : value;
  const Shape shape = c.type(query).shape;
  const auto* depth = c.config("key_dim").get<int64_t>();
  if (!shape.has_rank() || shape.rank() < 3 || shape.rank() > 10 || !depth) c.fail("the query is " + shape.text());
  if (c.argument("use_causal_mask") == Value(true) && shape.rank() != 3) c.fail("a causal mask over several axes");
  const Letters l = letters(c, shape.rank());
  const std::string q = l.query + "nh", v = l.value + "nh";
  const Edge heads = projected(c, "query", query, l.query + "d,dnh->" + q);
  const Edge keys = projected(c, "key", key, l.value + "d,dnh->" + v);
  const Edge values = projected(c, "value", value, l.value + "d,dnh->" + v);
  const Edge product = einsum(c, heads, keys, q + "," + v + "->" + l.scores);
  const Edge scale = real(c, 1 / std::sqrt(static_cast<double>(*depth)), c.type(product).dtype);
  const Edge weights = lower_probabilities(c, c.op("Mul", {product, scale}), l.attended);
  const Edge context = einsum(c, weights, values, l.scores + "," + v + "->" + q);
  return projected(c, "output", context, q + ",nhd->" + l.query + "d");
}

/// What Keras derives from other entries is not written.
bool shorten(Match& m) {
  if (m.config["value_dim"] == m.config["key_dim"]) m.config.erase("value_dim");
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(multi_head_attention) {
  using namespace keraft;
  card.keras("MultiHeadAttention").about("softmax(q · k / sqrt(key_dim)) · v for several projections of query, value and key");
  card.needs("num_heads").needs("key_dim").config("value_dim", Value()).config("dropout", 0.0).config("use_bias", true);
  card.config("output_shape", Value()).config("attention_axes", Value());
  for (const std::string part : {"query", "key", "value", "output"}) {
    const std::string depth = part == "value" || part == "output" ? "value_dim" : "key_dim";
    const std::vector<std::string> kernel = part == "output" ? std::vector<std::string>{"num_heads", depth, "out"}
                                                             : std::vector<std::string>{part + "_in", "num_heads", depth};
    const std::vector<std::string> bias =
        part == "output" ? std::vector<std::string>{"out"} : std::vector<std::string>{"num_heads", depth};
    const std::vector<std::string> groups{part + "_dense", "_" + part + "_dense"};
    card.weight(part + "_kernel", kernel).known_as({"kernel"}).in_group(groups);
    card.weight(part + "_bias", bias, "use_bias").known_as({"bias"}).in_group(groups);
  }
  card.recover_with({"BiasAdd", "AddV2", "Einsum", "Reshape", "BatchMatMulV2", "BatchMatMul", "BatchMatMulV3", "MatMul"}, 60,
                    reads_heads);
  card.guard(shorten).lower_with(lower_heads).spreads({"query", "value", "key"}).fidelity(Fidelity::approximate);
  card.only_keras3("Keras 2 wants the shapes of the inputs in the config of MultiHeadAttention, which Keras 3 refuses");
  const auto weights = [](int64_t q, int64_t v, int64_t k, int64_t n, int64_t h, int64_t w, int64_t o) {
    return std::map<std::string, std::vector<int64_t>>{
        {"query_kernel", {q, n, h}}, {"query_bias", {n, h}}, {"key_kernel", {k, n, h}},    {"key_bias", {n, h}},
        {"value_kernel", {v, n, w}}, {"value_bias", {n, w}}, {"output_kernel", {n, w, o}}, {"output_bias", {o}}};
  };
  card.sample({{"num_heads", 2}, {"key_dim", 3}}, {{2, 5, 7}, {2, 6, 7}}, weights(7, 7, 7, 2, 3, 3, 7));
  card.sample({{"num_heads", 3}, {"key_dim", 2}, {"value_dim", 4}, {"use_bias", false}, {"output_shape", Value::ints({5})}},
              {{2, 5, 7}, {2, 6, 8}, {2, 6, 9}}, weights(7, 8, 9, 3, 2, 4, 5));
  card.sample({{"num_heads", 2}, {"key_dim", 3}, {"attention_axes", Value::ints({2})}}, {{2, 3, 5, 7}, {2, 3, 6, 7}},
              weights(7, 7, 7, 2, 3, 3, 7));
}
