#include "cards/layer_card.h"

KERAFT_LAYER(depthwise_conv2d) {
  card.keras("DepthwiseConv2D").about("each channel is convolved by itself; output channel = c · depth_multiplier + m");
  card.needs("kernel_size")
      .config("strides", keraft::Value::ints({1, 1}))
      .config("padding", "valid")
      .config("depth_multiplier", 1);
  card.config("data_format", "channels_last").always();
  card.config("dilation_rate", keraft::Value::ints({1, 1})).config("activation", "linear").config("use_bias", true);
  card.weight("depthwise_kernel", {"kernel_size.0", "kernel_size.1", "in", "depth_multiplier"})
      .known_as({"kernel", "depthwise_weights"});
  card.weight("bias", {"out"}, "use_bias").known_as({"biases", "b"});
  const std::string conv =
      "DepthwiseConv2dNative(x, @depthwise_kernel, strides=$strides:spatial, padding=$padding:lower, "
      "dilations=$dilation_rate:spatial, "
      "data_format=$data_format:layout)";
  card.form("h = " + conv + "   y = BiasAdd(h, @bias, data_format=$data_format:layout)", {{"use_bias", true}});
  card.form("y = " + conv, {{"use_bias", false}});
  card.also_reads("h = " + conv + "   y = AddV2(h, @bias)", {{"use_bias", true}, {"data_format", "channels_last"}});
  card.fidelity(keraft::Fidelity::approximate);
  card.sample({{"kernel_size", keraft::Value::ints({3, 2})}, {"depth_multiplier", 2}}, {{2, 9, 7, 3}});
  card.sample({{"kernel_size", keraft::Value::ints({3, 3})},
               {"strides", keraft::Value::ints({2, 2})},
               {"padding", "same"},
               {"use_bias", false}},
              {{1, 8, 7, 5}});
}
