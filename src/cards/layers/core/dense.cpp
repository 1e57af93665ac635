#include "cards/layer_card.h"

KERAFT_LAYER(dense) {
  card.keras("Dense").about("y = activation(x · kernel + bias)");
  card.needs("units").config("use_bias", true).config("activation", "linear");
  card.weight("kernel", {"in", "units"}).known_as({"weights", "weight", "w"});
  card.weight("bias", {"units"}, "use_bias").known_as({"biases", "b"});
  card.form("h = MatMul(x, @kernel)   y = BiasAdd(h, @bias)", {{"use_bias", true}});
  card.form("y = MatMul(x, @kernel)", {{"use_bias", false}});
  card.also_reads("h = MatMul(x, @kernel)   y = AddV2(h, @bias)", {{"use_bias", true}});
  card.also_reads("h = MatMul(x, @kernel.T, transpose_b=true)   y = BiasAdd(h, @bias)", {{"use_bias", true}});
  card.also_reads("h = MatMul(x, @kernel.T, transpose_b=true)   y = AddV2(h, @bias)", {{"use_bias", true}});
  card.also_reads("y = MatMul(x, @kernel.T, transpose_b=true)", {{"use_bias", false}});
  card.fidelity(Fidelity::approximate);
  card.sample({{"units", 3}}, {{2, 4}}).sample({{"units", 5}, {"use_bias", false}, {"activation", "tanh"}}, {{3, 7}});
}
