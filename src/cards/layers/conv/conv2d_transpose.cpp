#include "cards/conv_layer.h"

KERAFT_LAYER(conv2d_transpose) {
  using keraft::Value;
  card.keras("Conv2DTranspose").about("a 2-D convolution turned around, then bias, then activation");
  keraft::cards::transposed_conv_layer(card, 2, "Conv2DBackpropInput");
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({3, 2})}}, {{2, 5, 4, 3}});
  card.sample({{"filters", 3},
               {"kernel_size", Value::ints({2, 5})},
               {"strides", Value::ints({2, 3})},
               {"padding", "same"},
               {"use_bias", false},
               {"activation", "relu"}},
              {{2, 5, 4, 3}});
  card.sample({{"filters", 5},
               {"kernel_size", Value::ints({2, 5})},
               {"strides", Value::ints({2, 3})},
               {"output_padding", Value::ints({0, 2})}},
              {{1, 4, 3, 2}});
}
