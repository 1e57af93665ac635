#include "cards/conv_layer.h"

KERAFT_LAYER(conv1d_transpose) {
  using keraft::Value;
  card.keras("Conv1DTranspose").about("a 1-D convolution turned around, then bias, then activation");
  keraft::cards::transposed_conv_layer(card, 1, "Conv2DBackpropInput");
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({2})}}, {{2, 5, 3}});
  card.sample({{"filters", 3},
               {"kernel_size", Value::ints({3})},
               {"strides", Value::ints({2})},
               {"padding", "same"},
               {"use_bias", false},
               {"activation", "relu"}},
              {{2, 5, 3}});
  card.sample(
      {{"filters", 5}, {"kernel_size", Value::ints({3})}, {"strides", Value::ints({2})}, {"output_padding", Value::ints({1})}},
      {{1, 4, 2}});
}
