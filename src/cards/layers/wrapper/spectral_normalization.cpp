#include "cards/wrapped.h"

KERAFT_LAYER(spectral_normalization) {
  using namespace keraft;
  card.keras("SpectralNormalization").about("a layer whose kernel training keeps at spectral norm 1");
  card.needs("layer").wraps("layer").config("power_iterations", 1).repeats_first_weight().training_unknown();
  card.weight("vector_u", {"1", "out"}).not_trainable();
  card.lower_with([](LowerContext& c) { return cards::call_wrapped(c, c.inputs().front()); });
  card.only_keras3("Keras 2 loads it from no file of a whole model");
  const Value dense = Dict{{"class_name", "Dense"}, {"config", Dict{{"name", "inner"}, {"units", 3}}}};
  card.sample({{"layer", dense}}, {{2, 4}});
}
