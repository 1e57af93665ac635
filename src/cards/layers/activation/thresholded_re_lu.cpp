#include "cards/axes.h"

KERAFT_LAYER(thresholded_re_lu) {
  using namespace keraft;
  card.keras("ThresholdedReLU").about("y = x where x > theta, else 0").config("theta", 1.0);
  card.lower_with([](LowerContext& c) {
    const Edge x = c.inputs().front();
    const DType dtype = c.type(x).dtype;
    const Edge above = c.op("Greater", {x, cards::real_constant(c, c.config("theta").number().value_or(1), x)});
    return c.op("Mul", {x, c.op("Cast", {above}, {{"SrcT", DType::boolean}, {"DstT", dtype}})});
  });
  card.only_keras2("Keras 3 has no ThresholdedReLU").sample({{"theta", 0.5}}, {{2, 5, 3}});
}
