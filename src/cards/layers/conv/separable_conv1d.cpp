#include "cards/conv_layer.h"

KERAFT_LAYER(separable_conv1d) {
  using namespace keraft;
  card.keras("SeparableConv1D").about("a depthwise convolution, then one of size 1, then bias");
  card.needs("filters").needs("kernel_size").config("depth_multiplier", 1);
  cards::conv_fields(card, 1);
  card.weight("depthwise_kernel", {"kernel_size.0", "in", "depth_multiplier"}).known_as({"depthwise_weights"});
  card.weight("pointwise_kernel", {"1", "inner", "filters"}).known_as({"pointwise_weights"});
  card.weight("bias", {"filters"}, "use_bias").known_as({"biases", "b"});
  const std::string depthwise = "d = DepthwiseConv2dNative({x}, @depthwise_kernel, " + cards::conv_attributes() + ")   ";
  for (const char* padding : {"VALID", "SAME"}) {
    cards::reads_conv(card, 1,
                      depthwise + "c = Conv2D(d, @pointwise_kernel, strides=[1, 1, 1, 1], padding=\"" + padding +
                          "\", data_format=$data_format:layout)");
  }
  card.lower_with([](LowerContext& c) {
    return cards::lower_conv(c, 1, c.inputs().front(), [&](Edge x) {
      const Edge d =
          c.op("DepthwiseConv2dNative", {x, cards::conv_weight(c, 1, "depthwise_kernel")}, cards::window_attributes(c, 1));
      return c.op("Conv2D", {d, cards::conv_weight(c, 1, "pointwise_kernel")},
                  {{"strides", Value::ints({1, 1, 1, 1})},
                   {"padding", "VALID"},
                   {"data_format", cards::channels_first(c) ? "NCHW" : "NHWC"}});
    });
  });
  card.fidelity(Fidelity::approximate);
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({3})}, {"depth_multiplier", 2}}, {{2, 9, 3}});
  card.sample({{"filters", 5},
               {"kernel_size", Value::ints({2})},
               {"strides", Value::ints({2})},
               {"padding", "same"},
               {"use_bias", false}},
              {{1, 9, 4}});
}
