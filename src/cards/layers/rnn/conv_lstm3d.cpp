#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(conv_lstm3d) {
  card.keras("ConvLSTM3D").about("LSTM over steps whose products are 3-D convolutions; gates i, f, c, o");
  keraft::cards::conv_lstm(card, 3);
}
