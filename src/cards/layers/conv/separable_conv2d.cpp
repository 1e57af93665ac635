#include "base/string.h"
#include "cards/layer_card.h"
#include "cards/older_weights.h"

KERAFT_LAYER(separable_conv2d) {
  card.keras("SeparableConv2D").about("a depthwise convolution, then a 1×1 convolution, then bias");
  card.needs("filters").needs("kernel_size").config("strides", keraft::Value::ints({1, 1})).config("padding", "valid");
  card.config("data_format", "channels_last").always();
  card.config("dilation_rate", keraft::Value::ints({1, 1})).config("depth_multiplier", 1).config("activation", "linear");
  card.config("use_bias", true);
  card.weight("depthwise_kernel", {"kernel_size.0", "kernel_size.1", "in", "depth_multiplier"}).known_as({"depthwise_weights"});
  card.weight("pointwise_kernel", {"1", "1", "inner", "filters"}).known_as({"pointwise_weights"});
  card.weight("bias", {"filters"}, "use_bias").known_as({"biases", "b"});
  card.formerly("SeparableConvolution2D", {{"nb_filter", "filters"},
                                           {"nb_row nb_col", "kernel_size"},
                                           {"subsample", "strides"},
                                           {"init", "depthwise_initializer"}});
  card.older_weights(keraft::cards::older_kernels(2, 2), true);
  const std::string pair =
      "d = DepthwiseConv2dNative(x, @depthwise_kernel, strides=$strides:spatial, padding=$padding:lower, "
      "dilations=$dilation_rate:spatial, data_format=$data_format:layout)   ";
  const std::string point =
      "Conv2D(d, @pointwise_kernel, strides=[1, 1, 1, 1], padding=\"VALID\", data_format=$data_format:layout)";
  card.form(pair + "h = " + point + "   y = BiasAdd(h, @bias, data_format=$data_format:layout)", {{"use_bias", true}});
  card.form(pair + "y = " + point, {{"use_bias", false}});
  const std::string same =
      "Conv2D(d, @pointwise_kernel, strides=[1, 1, 1, 1], padding=\"SAME\", data_format=$data_format:layout)";
  card.also_reads(pair + "h = " + same + "   y = BiasAdd(h, @bias, data_format=$data_format:layout)", {{"use_bias", true}});
  card.also_reads(pair + "y = " + same, {{"use_bias", false}});
  card.guard([](keraft::Match& m) {
    // Two layers of the source stay two layers: a depthwise convolution under another scope than the pointwise one.
    const auto& point_dims = m.weights.at("pointwise_kernel").value.dims;
    if (point_dims[0] != 1 || point_dims[1] != 1) return false;
    const auto scope = [&](std::string_view value) {
      return keraft::base::scope_of(m.graph->at(m.values.find(value)->second.node).name);
    };
    return scope("d").starts_with(scope("y"));
  });
  card.fidelity(keraft::Fidelity::approximate);
  card.sample({{"filters", 4}, {"kernel_size", keraft::Value::ints({3, 2})}, {"depth_multiplier", 2}}, {{2, 9, 7, 3}});
}
