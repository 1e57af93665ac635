#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(simple_rnn) {
  card.keras("SimpleRNN").about("h = activation(x · kernel + h · recurrent_kernel + bias) over steps");
  keraft::cards::simple_rnn(card, false);
  card.formerly("SimpleRNN", {{"output_dim", "units"}});
}
