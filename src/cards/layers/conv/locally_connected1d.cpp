#include "cards/layer_card.h"

KERAFT_LAYER(locally_connected1d) {
  using namespace keraft;
  card.keras("LocallyConnected1D").about("a 1-D convolution with a kernel of its own for each place");
  card.needs("filters").needs("kernel_size").config("strides", Value::ints({1})).config("padding", "valid");
  card.config("data_format", "channels_last").always().config("activation", "linear").config("use_bias", true);
  card.config("implementation", 1);  // tells the sizes of the kernel
  card.weight("kernel", {"*"}).weight("bias", {"*"}, "use_bias").only_keras2("Keras 3 has no LocallyConnected1D");
  card.formerly("LocallyConnected1D",
                {{"nb_filter", "filters"}, {"filter_length", "kernel_size"}, {"subsample_length", "strides"}});
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({3})}}, {{2, 7, 3}});
}
