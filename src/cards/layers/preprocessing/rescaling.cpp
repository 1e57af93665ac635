#include <cmath>

#include "cards/axes.h"
#include "cards/graph_view.h"
#include "cards/number_tensor.h"
#include "ir/constant.h"
#include "ir/number.h"

namespace keraft {
namespace {

using cards::GraphView;

/// Longer constants are what training left, not a scale of channels.
constexpr int64_t most_channels = 16;

/// A constant input, through `turn`: a number, or one for each channel of the last axis as a list; and the other input.
struct Operand {
  Value value;
  Edge x;
};

std::optional<Operand> constant_operand(const GraphView& v, const Node& node, bool either, double (*turn)(double)) {
  for (const size_t i : {size_t{1}, size_t{0}}) {
    if (i == 0 && !either) continue;
    const Edge edge = node.inputs[i], x = node.inputs[1 - i];
    const Tensor* tensor = ir::constant(v.graph(), edge);
    const Shape shape = v.shape(x);
    if (!tensor || !is_floating(tensor->dtype) || tensor->elements() < 1 || tensor->elements() > most_channels) continue;
    const int64_t last = tensor->dims.empty() ? 1 : tensor->dims.back();
    if (tensor->elements() != last || !shape.has_rank() || tensor->dims.size() > shape.rank()) continue;
    if (last > 1 && !shape[shape.rank() - 1].is(last)) continue;
    List out;
    for (const double value : to_doubles(*tensor)) {
      if (!std::isfinite(turn(value))) return std::nullopt;
      out.emplace_back(turn(ir::shortest(value)));
    }
    return Operand{last == 1 ? out.front() : Value(out), x};
  }
  return std::nullopt;
}

double same(double value) { return value; }
double negative(double value) { return -value; }
double inverse(double value) { return 1 / value; }

std::optional<Match> find_rescaling(const Graph& graph, NodeId root) {
  GraphView v(graph);
  Match m{};
  m.config = {{"scale", 1.0}, {"offset", 0.0}};
  Edge x{root, 0};
  const auto peel = [&](const char* field, const char* op, bool either, double (*turn)(double)) {
    const Node* node = v.is(x, op);
    const auto operand = node ? constant_operand(v, *node, either, turn) : std::nullopt;
    if (!operand) return false;
    v.take(x);
    m.config[field] = operand->value;
    x = operand->x;
    return true;
  };
  if (!peel("offset", "Add", true, same)) peel("offset", "Sub", false, negative);
  if (!peel("scale", "Mul", true, same)) peel("scale", "RealDiv", false, inverse);
  const DType dtype = graph.type(x).dtype;
  const bool computes = dtype == DType::f32 || dtype == DType::f64 || dtype == DType::f16 || dtype == DType::bf16;
  if (v.taken().empty() || !computes) return std::nullopt;
  // The layer makes floats of integers itself.
  if (const Node* cast = v.is(x, "Cast"); cast && is_integer(graph.type(cast->inputs[0]).dtype)) {
    v.take(x);
    x = cast->inputs[0];
  }
  m.inputs = {x};
  m.nodes = v.taken();
  return m;
}

Edge lower_rescaling(LowerContext& c) {
  Edge x = c.inputs().front();
  if (is_integer(c.type(x).dtype)) x = c.op("Cast", {x}, {{"SrcT", c.type(x).dtype}, {"DstT", DType::f32}});
  const auto constant = [&](const char* field) {
    const Value& entry = c.config(field);
    const List* many = entry.get<List>();
    if (!many && entry.number()) return cards::real_constant(c, *entry.number(), x);
    std::vector<double> values;
    for (size_t i = 0; many && i < many->size(); ++i) {
      if (const auto one = (*many)[i].number()) values.push_back(*one);
    }
    if (!many || values.size() != many->size()) c.fail(std::string(field) + " " + entry.text());
    const DType dtype = c.type(x).dtype == DType::f64 ? DType::f64 : DType::f32;
    return c.constant(cards::number_tensor(dtype, {static_cast<int64_t>(values.size())}, values));
  };
  return c.op("AddV2", {c.op("Mul", {x, constant("scale")}), constant("offset")});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(rescaling) {
  using namespace keraft;
  card.keras("Rescaling").about("y = x · scale + offset");
  card.needs("scale").config("offset", 0.0).always();
  card.recover_with({"AddV2", "Sub", "Mul", "RealDiv"}, 1, find_rescaling);
  card.lower_with(lower_rescaling).fidelity(Fidelity::rounding);
  card.sample({{"scale", 0.25}, {"offset", -1.5}}, {{2, 5, 3}}).sample({{"scale", 3.0}}, {{3, 4}});
  card.sample({{"scale", List{0.5, 2.0, 0.25}}, {"offset", List{1.0, -1.0, 0.5}}}, {{2, 4, 3}});
}
