#include "cards/layers/attention/plain.h"

namespace keraft {
namespace {

using namespace cards;

bool reads_product(Match& m) {
  Plain plain(*m.graph);
  if (!read_plain(m, plain)) return false;
  const auto scalar = [&](std::string slot, WeightUse use) {
    if (use.value.elements() != 1) return false;
    use.value = reshaped(use.value, {});
    m.weights[std::move(slot)] = std::move(use);
    return true;
  };
  if (!plain.additive) {
    m.config["use_scale"] = plain.found.scale_weight.has_value();
    return !plain.found.scale_weight || scalar("scale", *plain.found.scale_weight);
  }
  if (!plain.found.scale_weight || (plain.inner_scale && !plain.scaled_inside)) return false;
  m.config["score_mode"] = "concat";
  m.config["use_scale"] = plain.inner_scale.has_value();
  return scalar("concat_score_weight", *plain.found.scale_weight) &&
         (!plain.inner_scale || scalar("scale", *plain.inner_scale));
}

Edge lower_attention(LowerContext& c) {
  const auto [query, key, value] = plain_inputs(c);
  const bool scaled = c.config("use_scale") == Value(true);
  Edge scores;
  if (c.config("score_mode") == Value("concat")) {
    scores = lower_additive(c, scaled ? std::optional(c.weight("scale")) : std::nullopt, std::nullopt);
    scores = c.op("Mul", {scores, c.weight("concat_score_weight")});
  } else {
    scores = c.op("BatchMatMulV2", {query, key}, {{"adj_y", true}});
    if (scaled) scores = c.op("Mul", {scores, c.weight("scale")});
  }
  return c.op("BatchMatMulV2", {lower_probabilities(c, scores), value});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(attention) {
  using namespace keraft;
  card.keras("Attention").about("softmax(query · key) · value");
  card.config("use_scale", false).config("score_mode", "dot").config("dropout", 0.0);
  card.weight("scale", {}, "use_scale").weight("concat_score_weight", {}, "score_mode=concat");
  card.recover_with({"BatchMatMulV2", "BatchMatMul", "BatchMatMulV3", "Einsum"}, 30, reads_product);
  card.lower_with(lower_attention).fidelity(Fidelity::approximate);
  card.sample({}, {{2, 5, 7}, {2, 6, 7}}).sample({{"use_scale", true}}, {{2, 5, 4}, {2, 6, 3}, {2, 6, 4}});
  card.sample({{"score_mode", "concat"}, {"use_scale", true}}, {{2, 5, 4}, {2, 6, 4}});
}
