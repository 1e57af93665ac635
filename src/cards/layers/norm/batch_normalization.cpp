#include <numeric>

#include "cards/layer_card.h"

namespace keraft {
namespace {

/// "_layout" is data_format while matching; the layer says it as an axis.
bool layout_to_axis(Match& m) {
  const auto layout = m.config.find("_layout");
  if (layout != m.config.end()) {
    if (layout->second == Value("channels_first")) m.config["axis"] = 1;
    m.config.erase(layout);
  }
  return true;
}

Edge filled(LowerContext& c, const Tensor& like, float value) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  return c.constant(make_splat(DType::f32, like.dims, {bytes, bytes + sizeof value}));
}

Edge lower_batch_norm(LowerContext& c) {
  const Edge x = c.inputs().front();
  const Shape shape = c.type(x).shape;
  const Value& entry = c.config("axis");
  int64_t axis = entry.as_ints() && entry.as_ints()->size() == 1 ? entry.as_ints()->front()
                 : entry.get<int64_t>()                          ? *entry.get<int64_t>()
                                                                 : 0;
  if (axis < 0 && shape.has_rank()) axis += static_cast<int64_t>(shape.rank());
  const bool last = shape.has_rank() && axis + 1 == static_cast<int64_t>(shape.rank());
  if (!shape.has_rank() || !(last || axis == 1)) c.fail("axis " + entry.text() + " on shape " + shape.text());
  const bool scale = c.config("scale") == Value(true), center = c.config("center") == Value(true);
  const Edge mean = c.weight("moving_mean"), variance = c.weight("moving_variance");
  const Tensor& like = c.layer().slots.back().value;
  const double epsilon = c.config("epsilon").number().value_or(0);
  if (shape.rank() == 4) {
    const Edge gamma = scale ? c.weight("gamma") : filled(c, like, 1), beta = center ? c.weight("beta") : filled(c, like, 0);
    return c.op("FusedBatchNormV3", {x, gamma, beta, mean, variance},
                {{"epsilon", epsilon}, {"is_training", false}, {"data_format", last ? "NHWC" : "NCHW"}});
  }
  if (!last) c.fail("channels_first with rank " + std::to_string(shape.rank()));
  const auto narrow = static_cast<float>(epsilon);
  Edge inverse =
      c.op("Rsqrt", {c.op("AddV2", {variance, c.constant(make_tensor<float>(DType::f32, {}, std::span(&narrow, 1)))})});
  if (scale) inverse = c.op("Mul", {inverse, c.weight("gamma")});
  const Edge shift =
      center ? c.op("Sub", {c.weight("beta"), c.op("Mul", {mean, inverse})}) : c.op("Mul", {c.op("Neg", {mean}), inverse});
  return c.op("AddV2", {c.op("Mul", {x, inverse}), shift});
}

void fused(LayerCard& card, const std::string& op) {
  const std::string tail = "@moving_mean, @moving_variance, epsilon=$epsilon, is_training=false, data_format=$_layout:layout)";
  // A constant 1 or 0 in place of a vector is how a graph says scale=False or center=False.
  card.also_reads("y = " + op + "(x, 1, 0, " + tail, {{"scale", false}, {"center", false}}, layout_to_axis);
  card.also_reads("y = " + op + "(x, 1, @beta, " + tail, {{"scale", false}}, layout_to_axis);
  card.also_reads("y = " + op + "(x, @gamma, 0, " + tail, {{"center", false}}, layout_to_axis);
  card.also_reads("y = " + op + "(x, @gamma, @beta, " + tail, {}, layout_to_axis);
}

void decomposed(LayerCard& card) {
  const std::string inverse = "v = AddV2(@moving_variance, $epsilon)   ";
  const std::string scaled = inverse + "r = Rsqrt(v)   s = Mul(r, @gamma)   a = Mul(x, s)   ",
                    plain = inverse + "s = Rsqrt(v)   a = Mul(x, s)   ";
  const std::string centred = "b = Mul(@moving_mean, s)   c = Sub(@beta, b)   y = AddV2(a, c)";
  const std::string bare = "n = Neg(@moving_mean)   c = Mul(n, s)   y = AddV2(a, c)";
  card.also_reads(scaled + centred).also_reads(scaled + bare, {{"center", false}});
  card.also_reads(plain + centred, {{"scale", false}}).also_reads(plain + bare, {{"scale", false}, {"center", false}});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(batch_normalization) {
  using namespace keraft;
  card.keras("BatchNormalization").about("y = (x − moving_mean) / sqrt(moving_variance + epsilon) · gamma + beta");
  card.config("axis", -1)
      .single()
      .config("momentum", 0.99)
      .config("epsilon", 0.001)
      .always()
      .config("center", true)
      .config("scale", true);
  card.weight("gamma", {"channels"}, "scale").known_as({"scale"}).weight("beta", {"channels"}, "center").known_as({"offset"});
  card.weight("moving_mean", {"channels"}).not_trainable().known_as({"mean"});
  card.weight("moving_variance", {"channels"}).not_trainable().known_as({"variance", "moving_var"});
  for (const char* op : {"FusedBatchNormV3", "FusedBatchNormV2", "FusedBatchNorm"}) fused(card, op);
  decomposed(card);
  card.lower_with(lower_batch_norm).fidelity(Fidelity::rounding);
  card.sample({{"epsilon", 0.01}}, {{2, 3, 5, 4}}).sample({{"scale", false}}, {{3, 7}});
  card.sample({{"center", false}, {"epsilon", 0.002}}, {{1, 4, 3, 6}})
      .sample({{"scale", false}, {"center", false}}, {{2, 5, 3}});
}
