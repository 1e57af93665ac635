#include "cards/axes.h"

namespace keraft {
namespace {

Edge rows(LowerContext& c) {
  Edge x = c.inputs().front();
  const DType dtype = c.type(x).dtype;
  if (dtype != DType::i32 && dtype != DType::i64) x = c.op("Cast", {x}, {{"SrcT", dtype}, {"DstT", DType::i32}});
  const int32_t axis = 0;
  return c.op("GatherV2", {c.weight("embeddings"), x, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&axis, 1)))});
}

Edge logits(LowerContext& c) {
  const bool tied = c.config("tie_weights") == Value(true);
  const Edge table = c.weight(tied ? "embeddings" : "reverse_embeddings");
  const Edge y = c.op("BatchMatMulV2", {c.inputs().front(), table}, {{"adj_y", tied}});
  const auto cap = c.config("logit_soft_cap").number();
  if (!cap) return y;
  const Edge limit = cards::real_constant(c, *cap, y);
  return c.op("Mul", {c.op("Tanh", {c.op("RealDiv", {y, limit})}), limit});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(reversible_embedding) {
  using namespace keraft;
  card.keras("ReversibleEmbedding").about("rows of a table, picked by index; called with reverse=True, products with all rows");
  card.needs("input_dim").needs("output_dim").config("tie_weights", true).config("mask_zero", false);
  card.config("reverse_dtype", Value()).config("logit_soft_cap", Value());
  card.weight("embeddings", {"input_dim", "output_dim"});
  card.weight("reverse_embeddings", {"output_dim", "input_dim"}, "!tie_weights");
  card.lower_with([](LowerContext& c) {
    if (!c.config("reverse_dtype").null()) c.fail("reverse_dtype");
    return c.argument("reverse") == Value(true) ? logits(c) : rows(c);
  });
  card.from_keras3("3.12").fidelity(Fidelity::approximate);
  card.sample({{"input_dim", 7}, {"output_dim", 3}}, {{2, 5}});
  card.sample({{"input_dim", 7}, {"output_dim", 3}, {"tie_weights", false}}, {{2, 5}});
}
