#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(lstm) {
  card.keras("LSTM").about("long short-term memory over steps; gates i, f, c, o");
  keraft::cards::lstm(card, false);
}
