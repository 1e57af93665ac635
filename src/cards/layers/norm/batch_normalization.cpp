#include "cards/axes.h"
#include "cards/normalised.h"
#include "cards/number_tensor.h"

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

std::vector<int64_t> axes_but(int64_t one, size_t rank) {
  std::vector<int64_t> out;
  for (int64_t axis = 0; axis < static_cast<int64_t>(rank); ++axis) {
    if (axis != one) out.push_back(axis);
  }
  return out;
}

/// The batch's own mean and variance over these axes.
std::pair<Edge, Edge> batch_moments(LowerContext& c, Edge x, const std::vector<int64_t>& over, bool keep_dims) {
  const auto mean_of = [&](Edge of) { return c.op("Mean", {of, cards::int_constant(c, over)}, {{"keep_dims", keep_dims}}); };
  const Edge mean = mean_of(x);
  return {mean, mean_of(c.op("SquaredDifference", {x, mean}))};
}

/// The batch's moments while training, of which the averages keep a part.
Edge lower_batch_statistics(LowerContext& c, const Shape& shape, const std::vector<int64_t>& axes) {
  const Edge x = c.inputs().front();
  const std::vector<int64_t> others = axes_but(axes[0], shape.rank());
  const bool last = axes[0] + 1 == static_cast<int64_t>(shape.rank());
  const auto kept = [&](const char* slot, Edge now) {
    const double keep = c.config("momentum").number().value_or(0);
    if (!last) now = c.op("Squeeze", {now}, {{"squeeze_dims", Value::ints(others)}});
    const Edge before = c.op("Mul", {cards::real_constant(c, keep, now), c.weight(slot)});
    c.store(slot, c.op("AddV2", {before, c.op("Mul", {cards::real_constant(c, 1 - keep, now), now})}));
  };
  const auto vector = [&](const char* slot, const char* when) { return cards::weight_along(c, slot, when, shape, axes); };
  const std::pair<Edge, Edge> moments = batch_moments(c, x, others, !last);
  const Edge batch_mean = moments.first, batch_variance = moments.second;
  kept("moving_mean", batch_mean);
  kept("moving_variance", batch_variance);
  const Edge mean = c.by_mode(batch_mean, vector("moving_mean", ""), "mean");
  const Edge variance = c.by_mode(batch_variance, vector("moving_variance", ""), "variance");
  const double epsilon = c.config("epsilon").number().value_or(0);
  Edge y = c.op("Sub", {x, mean});
  y = c.op("Mul", {y, c.op("Rsqrt", {c.op("AddV2", {variance, cards::real_constant(c, epsilon, x)})})});
  if (c.config("scale") == Value(true)) y = c.op("Mul", {vector("gamma", "scale"), y});
  return c.config("center") == Value(true) ? c.op("AddV2", {y, vector("beta", "center")}) : y;
}

Edge in_type(LowerContext& c, Edge x, DType dtype) {
  const DType from = c.type(x).dtype;
  return from == dtype ? x : c.op("Cast", {x}, {{"SrcT", from}, {"DstT", dtype}});
}

/// The weight moves towards the batch's, in its own type.
void move_average(LowerContext& c, const char* slot, Edge batch) {
  const Edge old = c.stored(slot);
  const TensorType type = c.type(old);
  const double part = c.config("momentum").number().value_or(0);
  const auto scaled = [&](Edge value, double factor) {
    return c.op("Mul", {value, c.constant(cards::number_tensor(type.dtype, {}, {factor}))});
  };
  const Edge flat = c.op("Reshape", {in_type(c, batch, type.dtype), cards::int_constant(c, type.shape.values())});
  c.store(slot, c.op("AddV2", {scaled(old, part), scaled(flat, 1 - part)}));
}

/// The weight in the type of x, with these sizes.
Edge broadcast_slot(LowerContext& c, const char* slot, Edge x, const std::vector<int64_t>& sizes) {
  return c.op("Reshape", {in_type(c, c.stored(slot), c.type(x).dtype), cards::int_constant(c, sizes)});
}

/// With mean and variance that broadcast to x, in the type of x; `sizes`: of the weights.
Edge normalised_by(LowerContext& c, Edge x, Edge mean, Edge variance, const std::vector<int64_t>& sizes) {
  const double epsilon = c.config("epsilon").number().value_or(0);
  Edge scale = c.op("Rsqrt", {c.op("AddV2", {variance, cards::real_constant(c, epsilon, x)})});
  if (c.config("scale") == Value(true)) scale = c.op("Mul", {scale, broadcast_slot(c, "gamma", x, sizes)});
  const Edge y = c.op("Mul", {c.op("Sub", {x, mean}), scale});
  return c.config("center") == Value(true) ? c.op("AddV2", {y, broadcast_slot(c, "beta", x, sizes)}) : y;
}

/// Not in 16 bits, which hold no variance: as Keras 3 does it. A step of training uses mean and variance of the batch.
Edge wide_batch_norm(LowerContext& c, const std::vector<int64_t>& axes) {
  const DType dtype = c.type(c.inputs().front()).dtype;
  const Edge x = in_type(c, c.inputs().front(), size_of(dtype) < 4 ? DType::f32 : dtype);
  const size_t rank = c.type(x).shape.rank();
  std::vector<int64_t> broadcast(rank, 1);
  broadcast[static_cast<size_t>(axes.front())] = -1;
  Edge mean = broadcast_slot(c, "moving_mean", x, broadcast), variance = broadcast_slot(c, "moving_variance", x, broadcast);
  if (c.learns()) {
    const std::pair<Edge, Edge> moments = batch_moments(c, x, axes_but(axes.front(), rank), true);
    mean = c.by_mode(moments.first, mean, "mean");
    variance = c.by_mode(moments.second, variance, "variance");
    move_average(c, "moving_mean", moments.first);
    move_average(c, "moving_variance", moments.second);
  }
  return in_type(c, normalised_by(c, x, mean, variance, broadcast), dtype);
}

Edge lower_batch_norm(LowerContext& c) {
  const Edge x = c.inputs().front();
  const Shape shape = c.type(x).shape;
  const std::vector<int64_t> axes = cards::lowered_axes(c, shape);
  if (axes.size() != 1) c.fail("axis " + c.config("axis").text());
  if (c.learns() && c.config("renorm") == Value(true)) c.fail("renorm=True: what it does in training is not known");
  if (size_of(c.type(x).dtype) < 4) return wide_batch_norm(c, axes);
  if (c.learns()) return lower_batch_statistics(c, shape, axes);
  const bool last = axes[0] + 1 == static_cast<int64_t>(shape.rank());
  const bool scale = c.config("scale") == Value(true), center = c.config("center") == Value(true);
  const Tensor& like = c.layer().slots.back().value;
  const double epsilon = c.config("epsilon").number().value_or(0);
  if (shape.rank() == 4 && (last || axes[0] == 1) && like.dtype == DType::f32) {
    const Edge gamma = scale ? c.weight("gamma") : filled(c, like, 1), beta = center ? c.weight("beta") : filled(c, like, 0);
    return c.op("FusedBatchNormV3", {x, gamma, beta, c.weight("moving_mean"), c.weight("moving_variance")},
                {{"epsilon", epsilon}, {"is_training", false}, {"data_format", last ? "NHWC" : "NCHW"}});
  }
  const auto vector = [&](const char* slot, const char* when) { return cards::weight_along(c, slot, when, shape, axes); };
  const Edge mean = vector("moving_mean", ""), variance = vector("moving_variance", "");
  Edge inverse = c.op("Rsqrt", {c.op("AddV2", {variance, cards::real_constant(c, epsilon, x)})});
  if (scale) inverse = c.op("Mul", {inverse, vector("gamma", "scale")});
  const Edge shift = center ? c.op("Sub", {vector("beta", "center"), c.op("Mul", {mean, inverse})})
                            : c.op("Mul", {c.op("Neg", {mean}), inverse});
  return c.op("AddV2", {c.op("Mul", {x, inverse}), shift});
}

std::optional<Match> find_batch_norm(const Graph& graph, NodeId root) {
  const auto n = cards::normalised(graph, root);
  if (!n || !n->axes.empty()) return std::nullopt;
  const Shape x = graph.type(n->x).shape;
  const auto axis = cards::common_axis(graph, x, {n->gamma, n->beta, n->mean, n->variance});
  if (!axis || !(graph.type({root, 0}).shape == x)) return std::nullopt;
  const std::vector<int64_t> axes{static_cast<int64_t>(*axis)};
  Match m{};
  m.nodes = n->nodes;
  m.inputs = {n->x};
  m.config = {{"axis", cards::axis_entry(axes, x.rank())},
              {"epsilon", n->epsilon},
              {"scale", cards::there(n->gamma)},
              {"center", cards::there(n->beta)}};
  const std::pair<const char*, Edge> slots[] = {
      {"gamma", n->gamma}, {"beta", n->beta}, {"moving_mean", n->mean}, {"moving_variance", n->variance}};
  for (const auto& [slot, weight] : slots) {
    if (cards::there(weight) && !cards::bind_along(m, graph, slot, weight, x, axes)) return std::nullopt;
  }
  return m;
}

void fused(LayerCard& card, const std::string& op) {
  const std::string tail = "@moving_mean, @moving_variance, epsilon=$epsilon, is_training=false, data_format=$_layout:layout)";
  // A constant 1 or 0 in place of a vector is how a graph says scale=False or center=False.
  card.also_reads("y = " + op + "(x, 1, 0, " + tail, {{"scale", false}, {"center", false}}, layout_to_axis);
  card.also_reads("y = " + op + "(x, 1, @beta, " + tail, {{"scale", false}}, layout_to_axis);
  card.also_reads("y = " + op + "(x, @gamma, 0, " + tail, {{"center", false}}, layout_to_axis);
  card.also_reads("y = " + op + "(x, @gamma, @beta, " + tail, {}, layout_to_axis);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(batch_normalization) {
  using namespace keraft;
  card.passes_masks()
      .keras("BatchNormalization")
      .about("y = (x − moving_mean) / sqrt(moving_variance + epsilon) · gamma + beta");
  card.config("axis", -1)
      .single()
      .config("momentum", 0.99)
      .config("epsilon", 0.001)
      .always()
      .config("center", true)
      .config("scale", true);
  card.formerly("BatchNormalization", {{"mode", ""}}).settle_former([](const Dict& then, Dict&) {
    const auto mode = then.find("mode");
    if (mode != then.end() && mode->second != Value(0))
      throw Error(Status::unsupported, "BatchNormalization in mode " + mode->second.text() + ", which only Keras 1 has");
  });
  card.weight("gamma", {"channels"}, "scale")
      .ones()
      .known_as({"scale"})
      .weight("beta", {"channels"}, "center")
      .known_as({"offset"});
  card.weight("moving_mean", {"channels"}).averaged_by("momentum").known_as({"mean"});
  card.weight("moving_variance", {"channels"}).ones().averaged_by("momentum").known_as({"variance", "moving_var"});
  for (const char* op : {"FusedBatchNormV3", "FusedBatchNormV2", "FusedBatchNorm"}) fused(card, op);
  for (const bool scaled : {true, false}) {
    card.also_reads(std::string("y = BatchNormWithGlobalNormalization(x, @moving_mean, @moving_variance, @beta, ") +
                        (scaled ? "@gamma" : "_") +
                        ", variance_epsilon=$epsilon, scale_after_normalization=" + (scaled ? "true)" : "false)"),
                    {{"scale", scaled}});
  }
  card.recover_with({"AddV2", "Mul", "Sub", "RealDiv", "BiasAdd", "AddN"}, 100, find_batch_norm);
  card.lower_with(lower_batch_norm).fidelity(Fidelity::rounding);
  card.sample({{"epsilon", 0.01}}, {{2, 3, 5, 4}}).sample({{"scale", false}}, {{3, 7}});
  card.sample({{"axis", 1}}, {{2, 5, 3}}).sample({{"axis", 2}, {"center", false}}, {{2, 3, 5, 4, 2}});
  card.sample({{"center", false}, {"epsilon", 0.002}}, {{1, 4, 3, 6}})
      .sample({{"scale", false}, {"center", false}}, {{2, 5, 3}});
}
