#include "cards/layer_card.h"

KERAFT_LAYER(leaky_relu) {
  card.keras("LeakyReLU").about("y = x where x > 0, else alpha · x; \"alpha\" is the key that every Keras reads");
  card.config("alpha", 0.3);
  card.form("y = LeakyRelu(x, alpha=$alpha)");
  card.also_reads("h = Mul(x, $alpha)   y = Maximum(x, h)", {}, [](Match& m) {
    const auto slope = m.get("alpha")->number();
    return slope && *slope > 0 && *slope < 1;
  });
  card.fidelity(Fidelity::rounding);
  card.sample({{"alpha", 0.2}}, {{2, 5, 3}}).sample({}, {{3, 4}});
}
