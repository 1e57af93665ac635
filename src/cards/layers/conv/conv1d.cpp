#include "base/string.h"
#include "cards/conv_layer.h"
#include "cards/older_weights.h"
#include "ir/constant.h"

namespace keraft {
namespace {

/// Zeros in front, as many as the kernel reaches back.
bool causal(Match& m) {
  const NodeId pad = m.values.at("x0").node;
  const Tensor* amounts = ir::constant(*m.graph, m.graph->at(pad).inputs.at(1));
  const auto kernel = m.get("kernel_size")->as_ints(), dilation = m.get("dilation_rate")->as_ints();
  if (!amounts || !is_integer(amounts->dtype) || amounts->dims != std::vector<int64_t>{3, 2} || !kernel || !dilation)
    return false;
  const int64_t before = (kernel->at(0) - 1) * dilation->at(0);
  const bool first = *m.get("data_format") == Value("channels_first");
  if (before == 0 || *m.get("padding") != Value("valid")) return false;
  if (to_ints(*amounts) != std::vector<int64_t>{0, 0, first ? 0 : before, 0, first ? before : 0, 0}) return false;
  // A padding layer of the source stays one.
  const std::string_view own = base::scope_of(m.graph->at(m.nodes.front()).name), other = base::scope_of(m.graph->at(pad).name);
  if (!other.empty() && !own.starts_with(other) && !other.starts_with(own)) return false;
  m.config["padding"] = "causal";
  return cards::conv_groups(m, 1);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(conv1d) {
  using namespace keraft;
  card.keras("Conv1D").about("1-D convolution, then bias, then activation");
  card.needs("filters").needs("kernel_size").config("groups", 1);
  cards::conv_fields(card, 1);
  card.weight("kernel", {"kernel_size.0", "in", "filters"}).known_as({"weights", "weight", "w"});
  card.weight("bias", {"filters"}, "use_bias").known_as({"biases", "b"});
  const std::string conv = "c = Conv2D({x}, @kernel, " + cards::conv_attributes() + ")";
  cards::reads_conv(card, 1, conv, [](Match& m) { return cards::conv_groups(m, 1); });
  cards::reads_conv(card, 1, conv, causal, "x0 = Pad(x, _)");
  card.lower_with([](LowerContext& c) {
    Edge x = c.inputs().front();
    if (c.config("padding") == Value("causal")) {
      const auto kernel = cards::spatial_entry(c, "kernel_size", 1).as_ints(),
                 dilation = cards::spatial_entry(c, "dilation_rate", 1).as_ints();
      std::vector<int32_t> amounts(6, 0);
      amounts[cards::channels_first(c) ? 4 : 2] = static_cast<int32_t>((kernel->at(1) - 1) * dilation->at(1));
      x = c.op("Pad", {x, c.constant(make_tensor<int32_t>(DType::i32, {3, 2}, amounts))});
    }
    return cards::lower_conv(c, 1, x, [&](Edge u) {
      return c.op("Conv2D", {u, cards::conv_weight(c, 1, "kernel")}, cards::window_attributes(c, 1));
    });
  });
  card.fidelity(Fidelity::approximate);
  card.formerly("Convolution1D", {{"nb_filter", "filters"}, {"filter_length", "kernel_size"}, {"subsample_length", "strides"}});
  card.formerly("AtrousConvolution1D", {{"nb_filter", "filters"},
                                        {"filter_length", "kernel_size"},
                                        {"subsample_length", "strides"},
                                        {"atrous_rate", "dilation_rate"}});
  card.older_weights(cards::older_kernel_of_steps, true);
  card.sample({{"filters", 5}, {"kernel_size", Value::ints({3})}}, {{2, 9, 4}});
  card.sample({{"filters", 4}, {"kernel_size", Value::ints({3})}, {"dilation_rate", Value::ints({2})}, {"padding", "causal"}},
              {{1, 11, 3}});
  card.sample({{"filters", 6},
               {"kernel_size", Value::ints({2})},
               {"strides", Value::ints({3})},
               {"padding", "same"},
               {"groups", 2},
               {"use_bias", false},
               {"activation", "relu"}},
              {{3, 10, 4}});
  card.sample({{"filters", 2}, {"kernel_size", Value::ints({3})}, {"data_format", "channels_first"}}, {{2, 7, 7}});
}
