#include "cards/layers/rnn/recurrent.h"
#include "cards/older_weights.h"

KERAFT_LAYER(lstm) {
  card.keras("LSTM").about("long short-term memory over steps; gates i, f, c, o");
  keraft::cards::lstm(card, false);
  keraft::cards::formerly_lstm(card, {{"output_dim", "units"}});
  card.formerly("CuDNNLSTM");
  card.older_weights(keraft::cards::older_recurrent({0, 2, 1, 3}));  // i, c, f, o in Keras 1
}
