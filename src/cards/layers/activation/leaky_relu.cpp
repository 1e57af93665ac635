#include <cmath>

#include "cards/layers/activation/functions.h"
#include "ir/number.h"

namespace keraft {
namespace {

bool between_0_and_1(Match& m) {
  const auto slope = m.get("alpha")->number();
  return slope && *slope > 0 && *slope < 1;
}

/// 0.5 (1 + a) x + 0.5 (1 - a) |x|
bool from_absolute(Match& m) {
  const auto sum = m.get("sum_")->number(), difference = m.get("difference_")->number();
  if (!sum || !difference || std::abs(*sum + *difference - 1) > 1e-6) return false;
  m.config["alpha"] = ir::shortest(*sum - *difference);
  m.config.erase("sum_");
  m.config.erase("difference_");
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(leaky_relu) {
  card.keras("LeakyReLU").about("y = x where x > 0, else alpha · x; \"alpha\" is the key that every Keras reads");
  card.config("alpha", 0.3).also_called("negative_slope").folds_as("activation", "leaky_relu", {{"alpha", 0.2}});
  card.form("y = LeakyRelu(x, alpha=$alpha)");
  card.also_reads("h = Mul(x, $alpha)   y = Maximum(x, h)", {}, between_0_and_1);
  for (const std::string& text : chosen("h = Mul(x, $alpha)", "0", "x", "h")) card.also_reads(text);
  card.also_reads("p = Relu(x)   n = Neg(x)   q = Relu(n)   h = Mul(q, $alpha)   y = Sub(p, h)");
  card.also_reads("p = Relu(x)   q = Minimum(x, 0)   h = Mul(q, $alpha)   y = AddV2(p, h)");
  card.also_reads("p = Mul(x, $sum_)   a = Abs(x)   q = Mul(a, $difference_)   y = AddV2(p, q)", {}, from_absolute);
  card.fidelity(Fidelity::rounding);
  card.sample({{"alpha", 0.2}}, {{2, 5, 3}}).sample({}, {{3, 4}});
}
