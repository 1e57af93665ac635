#include "cards/conv_layer.h"
#include "cards/older_weights.h"

KERAFT_LAYER(conv3d) {
  using namespace keraft;
  card.keras("Conv3D").about("3-D convolution, then bias, then activation");
  card.needs("filters").needs("kernel_size").config("groups", 1);
  cards::conv_fields(card, 3);
  card.weight("kernel", {"kernel_size.0", "kernel_size.1", "kernel_size.2", "in", "filters"})
      .known_as({"weights", "weight", "w"});
  card.weight("bias", {"filters"}, "use_bias").known_as({"biases", "b"});
  cards::reads_conv(card, 3, "c = Conv3D({x}, @kernel, " + cards::conv_attributes() + ")",
                    [](Match& m) { return cards::conv_groups(m, 3); });
  card.lower_with([](LowerContext& c) {
    return cards::lower_conv(c, 3, c.inputs().front(), [&](Edge x) {
      return c.op("Conv3D", {x, c.weight("kernel")}, cards::window_attributes(c, 3));
    });
  });
  card.fidelity(Fidelity::approximate);
  card.formerly("Convolution3D",
                {{"nb_filter", "filters"}, {"kernel_dim1 kernel_dim2 kernel_dim3", "kernel_size"}, {"subsample", "strides"}});
  card.older_weights(cards::older_kernels(3), true);
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({3, 2, 1})}}, {{2, 5, 6, 4, 3}});
  card.sample({{"filters", 4},
               {"kernel_size", Value::ints({2, 3, 2})},
               {"strides", Value::ints({2, 1, 3})},
               {"padding", "same"},
               {"groups", 2},
               {"use_bias", false}},
              {{1, 5, 6, 7, 4}});
  card.sample({{"filters", 2},
               {"kernel_size", Value::ints({2, 2, 2})},
               {"dilation_rate", Value::ints({2, 1, 3})},
               {"activation", "tanh"}},
              {{3, 5, 6, 7, 2}});
}
