#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(gru) {
  card.keras("GRU").about("gated recurrent unit over steps; gates z, r, h");
  keraft::cards::gru(card, false);
}
