#include <algorithm>
#include <cmath>

#include "cards/axes.h"
#include "cards/constants.h"
#include "cards/normalised.h"
#include "ir/constant.h"
#include "ir/number.h"
#include "keraft/error.hpp"

namespace keraft {
namespace {

using cards::GraphView;

constexpr double least_deviation = 1e-7;  // keras.backend.epsilon()

struct Vector {
  std::vector<double> values;
  std::vector<int64_t> dims;
};

/// The value of a variable that no training moves. Keras 3.0 reads the statistics of an .h5 file and computes without them, so
/// they go where those of a frozen graph go, into the config.
const Tensor* statistic(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (node.op != "ir/Weight") return nullptr;
  const auto index = node.weight;
  return graph.weights[static_cast<size_t>(graph.root(index))].trainable ? nullptr
                                                                         : &graph.weights[static_cast<size_t>(index)].value;
}

/// A floating constant with axes: [3], or [1, 1, 3] as Keras writes it; `adapted`: or a statistic.
std::optional<Vector> vector(const GraphView& v, Edge edge, bool adapted = false) {
  const Tensor* tensor = adapted ? statistic(v.graph(), edge) : nullptr;
  if (!tensor) tensor = ir::constant(v.graph(), edge);
  if (!tensor || tensor->dims.empty() || !is_floating(tensor->dtype) || tensor->elements() > (1 << 16)) return std::nullopt;
  return Vector{to_doubles(*tensor), tensor->dims};
}

/// The squared divisor; "max(sqrt(variance), 1e-7)" with or without its constants folded. Only whole (`adapted`) it can hold
/// statistics.
std::optional<Vector> variance(GraphView& v, Edge edge, bool& adapted) {
  bool rooted = false, bound = false;
  for (const char* op : {"Maximum", "Sqrt"}) {
    const Node* node = v.is(edge, op);
    if (!node) continue;
    const auto bounded = *op == 'M' ? v.with_number(*node) : std::nullopt;
    if (*op == 'M' && (!bounded || std::abs(bounded->first / least_deviation - 1) > 1e-3)) return std::nullopt;
    v.take(edge);
    edge = bounded ? bounded->second : node->inputs[0];
    rooted = rooted || *op == 'S';
    bound = bound || bounded;
  }
  adapted = rooted && bound;
  auto out = vector(v, edge, adapted);
  if (out && !rooted) {
    for (double& value : out->values) value = value > least_deviation ? value * value : -1;
  }
  return out;
}

Value list(const Vector& vector) {
  List out;
  for (const double value : vector.values) out.emplace_back(ir::shortest(static_cast<double>(static_cast<float>(value))));
  return out.size() == 1 ? out.front() : Value(out);
}

std::optional<Match> find_normalization(const Graph& graph, NodeId root) {
  GraphView v(graph);
  v.take({root, 0});
  const Node* div = v.is({root, 0}, "RealDiv");
  const Node* mul = v.is({root, 0}, "Mul");
  const Node* top = div ? div : mul;
  if (!top) return std::nullopt;
  const size_t at = v.is(top->inputs[0], "Sub") ? 0 : 1;
  const Node* sub = v.is(top->inputs[at], "Sub");
  if (!sub || (div && at != 0)) return std::nullopt;
  v.take(top->inputs[at]);
  bool adapted = false;
  auto spread = div ? variance(v, div->inputs[1], adapted) : vector(v, mul->inputs[1 - at]);
  const auto mean = vector(v, sub->inputs[1], adapted);
  if (mul && spread) {
    for (double& value : spread->values) value = value > 0 ? 1 / (value * value) : -1;
  }
  const Shape x = graph.type(sub->inputs[0]).shape;
  if (!mean || !spread || mean->dims != spread->dims || !x.has_rank() || mean->dims.size() > x.rank()) return std::nullopt;
  if (std::any_of(spread->values.begin(), spread->values.end(), [](double s) { return s < 0; })) return std::nullopt;
  Match m{};
  m.config["axis"] = Value();
  for (size_t i = 0; i < mean->dims.size(); ++i) {
    if (mean->dims[i] == 1) continue;
    const size_t axis = x.rank() - mean->dims.size() + i;
    if (!m.config["axis"].null() || axis == 0 || !x[axis].is(mean->dims[i])) return std::nullopt;
    m.config["axis"] = cards::axis_entry({static_cast<int64_t>(axis)}, x.rank());
  }
  m.config["mean"] = list(*mean);
  m.config["variance"] = list(*spread);
  m.inputs = {sub->inputs[0]};
  m.nodes = v.taken();
  return m;
}

/// Adapted statistics are weights, and a count of what they are of; see `statistic` above.
void settle(Layer& layer) {
  for (const Slot& slot : layer.slots) {
    if (slot.name == "count") continue;
    if (slot.value.dims.size() > 1)
      throw Error(Status::unsupported, "statistics of several axes together", {{}, {}, layer.name + "/" + slot.name});
    layer.config[slot.name] = list({to_doubles(slot.value), slot.value.dims});
  }
  layer.slots.clear();
}

Edge lower_normalization(LowerContext& c) {
  const Edge x = c.inputs().front();
  const Shape shape = c.type(x).shape;
  if (!shape.has_rank() || c.config("invert") == Value(true)) c.fail("an input without a rank, or invert");
  std::vector<int64_t> dims(shape.rank(), 1);
  const auto constant = [&](const char* field, bool root) {
    const Value& entry = c.config(field);
    std::vector<float> values;
    if (const List* many = entry.get<List>()) {
      for (const Value& one : *many) values.push_back(static_cast<float>(one.number().value_or(NAN)));
    } else {
      values.push_back(static_cast<float>(entry.number().value_or(NAN)));
    }
    if (values.size() > 1) {
      const auto axes = cards::lowered_axes(c, shape);
      if (axes.size() != 1) c.fail("axis " + c.config("axis").text());
      dims[static_cast<size_t>(axes.front())] = static_cast<int64_t>(values.size());
    }
    for (float& value : values) {
      if (std::isnan(value)) c.fail(std::string(field) + " " + entry.text());
      if (root) value = std::max(std::sqrt(value), static_cast<float>(least_deviation));
    }
    return c.constant(make_tensor<float>(DType::f32, dims, values));
  };
  return c.op("RealDiv", {c.op("Sub", {x, constant("mean", false)}), constant("variance", true)});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(normalization) {
  using namespace keraft;
  card.keras("Normalization").about("(x − mean) / sqrt(variance) with numbers that are known");
  card.config("axis", -1).needs("mean").needs("variance").config("invert", false);
  for (const char* statistic : {"mean", "variance", "count"}) card.weight(statistic, {"*"}, "!mean").not_trainable();
  card.settle_with(settle);
  card.recover_with({"RealDiv", "Mul"}, 3, find_normalization);
  card.lower_with(lower_normalization).fidelity(Fidelity::rounding);
  card.sample({{"mean", List{0.5, 1.5, -2.0}}, {"variance", List{0.25, 4.0, 1.0}}}, {{2, 5, 3}});
}
