#include "cards/layers/rnn/recurrent.h"
#include "cards/older_weights.h"

KERAFT_LAYER(conv_lstm2d) {
  card.keras("ConvLSTM2D").about("LSTM over steps whose products are 2-D convolutions; gates i, f, c, o");
  keraft::cards::conv_lstm(card, 2);
  keraft::cards::formerly_lstm(card, {{"nb_filter", "filters"}, {"nb_row nb_col", "kernel_size"}, {"subsample", "strides"}});
  card.older_weights(keraft::cards::older_gates({0, 2, 1, 3}, 2), true);  // i, c, f, o in Keras 1
}
