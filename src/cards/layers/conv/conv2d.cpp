#include "cards/layer_card.h"
#include "cards/older_weights.h"

namespace {

/// The number of groups is nowhere in the graph: input channels over the kernel's.
bool groups(keraft::Match& m) {
  const auto channels = m.channels("x");
  const int64_t in = m.weights.at("kernel").value.dims[2];
  if (!channels || in < 1 || *channels % in != 0) return false;
  if (*channels != in) m.config["groups"] = *channels / in;
  return true;
}

}  // namespace

KERAFT_LAYER(conv2d) {
  card.keras("Conv2D").about("2-D convolution, then bias, then activation");
  card.needs("filters").needs("kernel_size").config("strides", keraft::Value::ints({1, 1})).config("padding", "valid");
  card.config("data_format", "channels_last").always();
  card.config("dilation_rate", keraft::Value::ints({1, 1}))
      .config("groups", 1)
      .config("activation", "linear")
      .config("use_bias", true);
  card.weight("kernel", {"kernel_size.0", "kernel_size.1", "in", "filters"}).known_as({"weights", "weight", "w"});
  card.weight("bias", {"filters"}, "use_bias").known_as({"biases", "b"});
  const std::string conv =
      "Conv2D(x, @kernel, strides=$strides:spatial, padding=$padding:lower, dilations=$dilation_rate:spatial, "
      "data_format=$data_format:layout)";
  card.form("h = " + conv + "   y = BiasAdd(h, @bias, data_format=$data_format:layout)", {{"use_bias", true}});
  card.form("y = " + conv, {{"use_bias", false}});
  card.also_reads("h = " + conv + "   y = AddV2(h, @bias)", {{"use_bias", true}, {"data_format", "channels_last"}});
  card.guard(groups).fidelity(keraft::Fidelity::approximate);
  card.formerly("Convolution2D", {{"nb_filter", "filters"}, {"nb_row nb_col", "kernel_size"}, {"subsample", "strides"}});
  card.formerly(
      "AtrousConvolution2D",
      {{"nb_filter", "filters"}, {"nb_row nb_col", "kernel_size"}, {"subsample", "strides"}, {"atrous_rate", "dilation_rate"}});
  card.older_weights(keraft::cards::older_kernels(2), true);
  card.sample({{"filters", 5}, {"kernel_size", keraft::Value::ints({3, 2})}}, {{2, 9, 7, 3}});
  card.sample({{"filters", 4},
               {"kernel_size", keraft::Value::ints({2, 3})},
               {"strides", keraft::Value::ints({2, 1})},
               {"padding", "same"},
               {"use_bias", false},
               {"activation", "relu"}},
              {{1, 8, 7, 2}});
  card.sample({{"filters", 6},
               {"kernel_size", keraft::Value::ints({3, 3})},
               {"groups", 2},
               {"dilation_rate", keraft::Value::ints({2, 2})}},
              {{3, 11, 9, 4}});
}
