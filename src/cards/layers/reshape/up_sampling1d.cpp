#include "cards/upsampling.h"

KERAFT_LAYER(up_sampling1d) {
  card.keras("UpSampling1D").about("every step several times");
  card.config("size", 2).always();
  card.formerly("UpSampling1D", {{"length", "size"}});
  keraft::cards::reads_repetitions(card, 1);
  card.lower_with([](keraft::LowerContext& c) { return keraft::cards::emit_repetitions(c, 1); });
  card.sample({{"size", 3}}, {{2, 5, 4}}).sample({{"size", 2}}, {{1, 7, 3}});
}
