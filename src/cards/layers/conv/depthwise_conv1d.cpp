#include "cards/conv_layer.h"

KERAFT_LAYER(depthwise_conv1d) {
  using namespace keraft;
  card.keras("DepthwiseConv1D").about("each channel is convolved by itself; output channel = c · depth_multiplier + m");
  card.needs("kernel_size").config("depth_multiplier", 1);
  cards::conv_fields(card, 1);
  card.weight("depthwise_kernel", {"kernel_size.0", "in", "depth_multiplier"}).known_as({"kernel", "depthwise_weights"});
  card.weight("bias", {"out"}, "use_bias").known_as({"biases", "b"});
  cards::reads_conv(card, 1, "c = DepthwiseConv2dNative({x}, @depthwise_kernel, " + cards::conv_attributes() + ")");
  card.lower_with([](LowerContext& c) {
    return cards::lower_conv(c, 1, c.inputs().front(), [&](Edge x) {
      return c.op("DepthwiseConv2dNative", {x, cards::conv_weight(c, 1, "depthwise_kernel")}, cards::window_attributes(c, 1));
    });
  });
  card.fidelity(Fidelity::approximate);
  card.sample({{"kernel_size", Value::ints({3})}, {"depth_multiplier", 2}}, {{2, 9, 4}});
  card.sample({{"kernel_size", Value::ints({2})}, {"strides", Value::ints({3})}, {"padding", "same"}, {"use_bias", false}},
              {{1, 8, 5}});
  card.sample({{"kernel_size", Value::ints({3})}, {"dilation_rate", Value::ints({2})}, {"activation", "relu"}}, {{3, 8, 2}});
}
