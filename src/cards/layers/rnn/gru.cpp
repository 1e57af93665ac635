#include "cards/layers/rnn/recurrent.h"
#include "cards/older_weights.h"

KERAFT_LAYER(gru) {
  card.keras("GRU").about("gated recurrent unit over steps; gates z, r, h");
  keraft::cards::gru(card, false);
  card.formerly("GRU", {{"output_dim", "units"}}, {{"reset_after", false}}).formerly("CuDNNGRU", {}, {{"reset_after", true}});
  card.older_weights(keraft::cards::older_recurrent({0, 1, 2}));
}
