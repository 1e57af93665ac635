#include <cmath>

#include "cards/attention.h"

namespace keraft {
namespace {

using namespace cards;

bool reads_groups(Match& m) {
  auto found = read_heads(*m.graph, m.nodes.front());
  if (!found || found->heads == found->groups || !found->attention_axes.empty() || found->q_in.size() != 3) return false;
  // Neighbouring heads of the query share a group.
  if (!std::equal(found->groups.begin(), found->groups.end(), found->heads.begin())) return false;
  const auto& dims = found->weights.at("output_kernel").value.dims;
  if (dims[2] != found->weights.at("query_kernel").value.dims[0]) return false;
  m.weights.insert(found->weights.begin(), found->weights.end());
  m.config["use_bias"] = found->bias;
  if (found->dropout != 0) m.config["dropout"] = found->dropout;
  if (found->causal) m.call["use_causal_mask"] = true;
  m.inputs = {found->query.edge, found->value.edge};
  if (found->key.edge != found->value.edge) m.inputs.push_back(found->key.edge);
  m.nodes = found->nodes;
  return true;
}

Edge lower_groups(LowerContext& c) {
  if (c.inputs().size() < 2 || c.inputs().size() > 3) c.fail("needs query and value, and perhaps key");
  const Edge query = c.inputs()[0], value = c.inputs()[1], key = c.inputs().size() > 2 ? c.inputs()[2] : value;
  const auto *heads = c.config("num_query_heads").get<int64_t>(), *groups = c.config("num_key_value_heads").get<int64_t>(),
             *depth = c.config("head_dim").get<int64_t>();
  if (!heads || !groups || !depth || *groups < 1 || *heads % *groups != 0) c.fail("heads do not fit groups");
  const auto ints = [&](const std::vector<int32_t>& values) {
    return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values));
  };
  const auto spread = [&](Edge x) {
    const Shape shape = c.type(x).shape;
    if (!shape.has_rank() || shape.rank() != 4 || !shape[1].known()) c.fail("the length of the value is not known");
    const int32_t axis = 3;
    const Edge apart = c.op("ExpandDims", {x, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&axis, 1)))});
    const Edge tiled = c.op("Tile", {apart, ints({1, 1, 1, static_cast<int32_t>(*heads / *groups), 1})});
    return c.op("Reshape", {tiled, ints({-1, static_cast<int32_t>(shape[1].value()), static_cast<int32_t>(*heads),
                                         static_cast<int32_t>(*depth)})});
  };
  const Edge q = projected(c, "query", query, "btd,dnh->btnh");
  const Edge k = spread(projected(c, "key", key, "bsd,dnh->bsnh"));
  const Edge v = spread(projected(c, "value", value, "bsd,dnh->bsnh"));
  const Edge product = einsum(c, q, k, "btnh,bsnh->bnts");
  const Edge scale = real(c, 1 / std::sqrt(static_cast<double>(*depth)), c.type(product).dtype);
  const Edge weights = lower_probabilities(c, c.op("Mul", {product, scale}));
  return projected(c, "output", einsum(c, weights, v, "bnts,bsnh->btnh"), "btnh,nhd->btd");
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(group_query_attention) {
  using namespace keraft;
  card.keras("GroupQueryAttention").about("multi-head attention whose keys and values serve several heads of the query each");
  card.needs("head_dim").needs("num_query_heads").needs("num_key_value_heads").config("dropout", 0.0).config("use_bias", true);
  for (const std::string part : {"query", "key", "value", "output"}) {
    const std::string heads = part == "query" || part == "output" ? "num_query_heads" : "num_key_value_heads";
    const bool last = part == "output";
    card.weight(part + "_kernel", last ? std::vector<std::string>{heads, "head_dim", "out"}
                                       : std::vector<std::string>{part + "_in", heads, "head_dim"});
    card.known_as({"kernel"}).in_group({"_" + part + "_dense"});
    card.weight(part + "_bias", last ? std::vector<std::string>{"out"} : std::vector<std::string>{heads, "head_dim"},
                "use_bias");
    card.known_as({"bias"}).in_group({"_" + part + "_dense"});
  }
  card.recover_with({"BiasAdd", "AddV2", "Einsum", "Reshape", "BatchMatMulV2", "BatchMatMul", "BatchMatMulV3"}, 61,
                    reads_groups);
  card.lower_with(lower_groups)
      .spreads({"query", "value", "key"})
      .grouped_as("GroupedQueryAttention")
      .fidelity(Fidelity::approximate);
  card.only_keras3("Keras 2 has no GroupQueryAttention");
  card.sample({{"head_dim", 3}, {"num_query_heads", 4}, {"num_key_value_heads", 2}}, {{2, 5, 7}, {2, 6, 7}},
              {{"query_kernel", {7, 4, 3}},
               {"query_bias", {4, 3}},
               {"key_kernel", {7, 2, 3}},
               {"key_bias", {2, 3}},
               {"value_kernel", {7, 2, 3}},
               {"value_bias", {2, 3}},
               {"output_kernel", {4, 3, 7}},
               {"output_bias", {7}}});
}
