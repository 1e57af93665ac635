#include "cards/layers/attention/plain.h"

namespace keraft {
namespace {

using namespace cards;

bool reads_sum(Match& m) {
  Plain plain(*m.graph);
  if (!read_plain(m, plain) || !plain.additive || plain.found.scale_weight || plain.scaled_inside) return false;
  m.config["use_scale"] = plain.inner_scale.has_value();
  if (plain.inner_scale) {
    if (plain.inner_scale->value.dims.empty()) return false;
    plain.inner_scale->value = reshaped(plain.inner_scale->value, {plain.inner_scale->value.elements()});
    m.weights["scale"] = *plain.inner_scale;
  }
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(additive_attention) {
  using namespace keraft;
  card.keras("AdditiveAttention").about("softmax(Σ scale · tanh(query + key)) · value");
  card.config("use_scale", true).config("dropout", 0.0).weight("scale", {"in"}, "use_scale");
  card.recover_with({"BatchMatMulV2", "BatchMatMul", "BatchMatMulV3", "Einsum"}, 31, reads_sum);
  card.lower_with([](LowerContext& c) {
    const bool scaled = c.config("use_scale") == Value(true);
    const Edge scores = cards::lower_additive(c, std::nullopt, scaled ? std::optional(c.weight("scale")) : std::nullopt);
    return c.op("BatchMatMulV2", {cards::lower_probabilities(c, scores), cards::plain_inputs(c)[2]});
  });
  card.fidelity(Fidelity::approximate);
  card.sample({}, {{2, 5, 7}, {2, 6, 7}}).sample({{"use_scale", false}}, {{2, 5, 4}, {2, 6, 3}, {2, 6, 4}});
}
