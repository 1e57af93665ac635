#include "cards/conv_layer.h"

KERAFT_LAYER(conv3d_transpose) {
  using keraft::Value;
  card.keras("Conv3DTranspose").about("a 3-D convolution turned around, then bias, then activation");
  keraft::cards::transposed_conv_layer(card, 3, "Conv3DBackpropInputV2");
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({3, 2, 1})}}, {{2, 3, 5, 4, 3}});
  card.sample({{"filters", 3},
               {"kernel_size", Value::ints({2, 5, 3})},
               {"strides", Value::ints({2, 3, 2})},
               {"padding", "same"},
               {"use_bias", false},
               {"activation", "relu"}},
              {{2, 3, 5, 4, 3}});
  card.sample({{"filters", 5},
               {"kernel_size", Value::ints({2, 5, 3})},
               {"strides", Value::ints({2, 3, 2})},
               {"output_padding", Value::ints({0, 2, 1})}},
              {{1, 4, 3, 2, 2}});
}
