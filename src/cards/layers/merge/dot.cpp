#include <algorithm>

#include "base/string.h"
#include "cards/axes.h"
#include "cards/graph_view.h"
#include "cards/layers/merge/merge.h"
#include "cards/products.h"
#include "ir/constant.h"

namespace keraft {
namespace {

using namespace cards;

constexpr std::string_view grappler = "/ArithmeticOptimizer";  ///< it puts new nodes into a scope below their own

/// The tensor before it was divided by its length along `axis`. TensorFlow and Keras 2 bound the squared length by 1e-12, Keras
/// 3 the inverse length by 1e7: equal above lengths of 1e-6.
std::optional<Edge> before_scaling(GraphView& v, Edge y, int64_t axis) {
  const Node* scaled = v.is(y, "Mul");
  if (!scaled || !v.shape(y).has_rank()) return std::nullopt;
  for (const size_t at : {size_t{0}, size_t{1}}) {
    const Edge x = scaled->inputs[at], factor = scaled->inputs[1 - at];
    const Node* bound = v.is(factor, "Minimum");
    const auto most = bound ? v.with_number(*bound) : std::nullopt;
    const Edge inverse = most ? most->second : factor;
    const Node* root = v.is(inverse, "Rsqrt");
    if (!root || (bound && (!most || most->first < 0.99e6))) continue;
    const Node* floor = v.is(root->inputs[0], "Maximum");
    const auto least = floor ? v.with_number(*floor) : std::nullopt;
    if (bool(floor) == bool(bound) || (floor && (!least || least->first > 1.01e-12 || least->first < 0))) continue;
    const Edge length = least ? least->second : root->inputs[0];
    const Node* sum = v.is(length, "Sum");
    const Node* square = sum ? v.is(sum->inputs[0], "Square") : nullptr;
    if (!square || square->inputs[0] != x || v.shape(length).rank() != v.shape(y).rank()) continue;
    const auto axes = ir::constant_ints(v.graph(), sum->inputs[1]);
    const auto rank = static_cast<int64_t>(v.shape(y).rank());
    if (!axes || axes->size() != 1 || ((*axes)[0] + rank) % rank != axis) continue;
    for (const Edge part : {y, factor, inverse, root->inputs[0], length, sum->inputs[0]}) v.take(part);
    return x;
  }
  return std::nullopt;
}

/// An axis of one tensor against an axis of another, batch by batch.
bool reads_at(Match& m, size_t depth_a, size_t depth_b, bool normalised) {
  Axes axes(*m.graph);
  Leaf x, y;
  std::vector<NodeId> passed;
  const Moved moved = behind_moves(*m.graph, {m.nodes.front(), 0}, 3);
  if (moved.base.port != 0) return false;
  const auto found = product(
      axes, moved.base.node, [&](Edge e) { return leaf(axes, e, depth_a, x, passed); },
      [&](Edge e) { return leaf(axes, e, depth_b, y, passed); });
  const auto layout = found ? replay(axes, moved, found->out) : std::nullopt;
  if (!layout || !axes.spread.empty()) return false;
  const AtomLayout a = axes.now(x.layout), b = axes.now(y.layout), out = axes.now(*layout);
  const Atoms summed = axes.now(found->summed);
  if (a.size() < 2 || b.size() < 2 || out.size() < 2 || summed.empty() || a[0] != b[0] || a[0] != out[0]) return false;
  const auto i = std::find(a.begin() + 1, a.end(), summed), j = std::find(b.begin() + 1, b.end(), summed);
  if (i == a.end() || j == b.end()) return false;
  AtomLayout wanted{a[0]};
  for (auto at = a.begin() + 1; at != a.end(); ++at) {
    if (at != i) wanted.push_back(*at);
  }
  for (auto at = b.begin() + 1; at != b.end(); ++at) {
    if (at != j) wanted.push_back(*at);
  }
  if (wanted.size() == 1) wanted.emplace_back();
  if (wanted != out) return false;
  // Moves in other scopes of the source are other layers.
  const auto scope = [&](NodeId id) { return base::scope_of(m.graph->at(id).name); };
  const int64_t first = i - a.begin(), second = j - b.begin();
  if (normalised) {
    GraphView v(*m.graph);
    const auto one = before_scaling(v, x.edge, first), other = before_scaling(v, y.edge, second);
    if (!one || !other) return false;
    x.edge = *one;
    y.edge = *other;
    m.config["normalize"] = true;
    passed.insert(passed.end(), v.taken().begin(), v.taken().end());
  }
  std::string_view home = scope(moved.base.node);
  if (home.ends_with(grappler)) home.remove_suffix(grappler.size());
  for (const auto* some : std::initializer_list<const std::vector<NodeId>*>{&passed, &moved.chain}) {
    if (std::any_of(some->begin(), some->end(), [&](NodeId id) { return !scope(id).starts_with(home); })) return false;
  }
  m.config["axes"] = first == second ? Value(first) : Value::ints({first, second});
  m.nodes = moved.chain;
  m.nodes.push_back(moved.base.node);
  m.nodes.insert(m.nodes.end(), passed.begin(), passed.end());
  m.inputs = {x.edge, y.edge};
  return true;
}

bool reads_any(Match& m, bool normalised) {
  for (size_t depth = 7; depth-- > 0;) {
    for (size_t a = 0; a <= depth; ++a) {
      Match attempt = m;
      if (!reads_at(attempt, a, depth - a, normalised)) continue;
      m = std::move(attempt);
      return true;
    }
  }
  return false;
}

bool reads(Match& m) { return reads_any(m, false); }

bool reads_cosine(Match& m) { return reads_any(m, true); }

Edge unit(LowerContext& c, Edge x, int64_t axis) {
  const Edge sum = c.op("Sum", {c.op("Square", {x}), int_constant(c, {axis})}, {{"keep_dims", true}});
  return c.op("Mul", {x, c.op("Rsqrt", {c.op("Maximum", {sum, real_constant(c, 1e-12, x)})})});
}

Edge lower_dot(LowerContext& c) {
  if (c.inputs().size() != 2) c.fail("needs two inputs");
  const Value& normalize = c.config("normalize");
  if (normalize != Value(false) && normalize != Value(true)) c.fail("normalize");
  const Shape x = c.type(c.inputs()[0]).shape, y = c.type(c.inputs()[1]).shape;
  std::vector<int64_t> axes = c.config("axes").as_ints().value_or(std::vector<int64_t>{});
  if (const auto* one = c.config("axes").get<int64_t>()) axes = {*one, *one};
  if (axes.size() != 2 || !x.has_rank() || !y.has_rank() || x.rank() > 8 || y.rank() > 8)
    c.fail("axes " + c.config("axes").text());
  std::string a = "z", b = "z", out = "z";
  const Shape* shapes[] = {&x, &y};
  for (size_t k = 0; k < 2; ++k) {
    const auto rank = static_cast<int64_t>(shapes[k]->rank());
    if (axes[k] < 0) axes[k] += rank;
    if (axes[k] < 1 || axes[k] >= rank) c.fail("axes " + c.config("axes").text());
    for (int64_t i = 1; i < rank; ++i) {
      // All small: ONNX Runtime does not tell "b" from "B".
      const char letter = i == axes[k] ? 's' : static_cast<char>((k == 0 ? 'a' : 'i') + static_cast<char>(i));
      (k == 0 ? a : b) += letter;
      if (letter != 's') out += letter;
    }
  }
  std::vector<Edge> factors = c.inputs();
  for (size_t k = 0; k < 2 && normalize == Value(true); ++k) factors[k] = unit(c, factors[k], axes[k]);
  const Edge y0 = c.op("Einsum", factors, {{"equation", a + "," + b + "->" + out}, {"N", 2}});
  if (out.size() > 1) return y0;
  const int32_t last = 1;
  return c.op("ExpandDims", {y0, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&last, 1)))});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(dot) {
  using namespace keraft;
  card.keras("Dot").about("products of two tensors, summed over an axis of each");
  card.needs("axes").config("normalize", false);
  card.recover_with({"BatchMatMulV2", "BatchMatMul", "BatchMatMulV3", "Einsum", "Squeeze", "Reshape", "ExpandDims"}, 4, reads);
  card.recover_with({"BatchMatMulV2", "BatchMatMul", "BatchMatMulV3", "Einsum", "Squeeze", "Reshape", "ExpandDims"}, 16,
                    reads_cosine);
  card.lower_with(lower_dot).fidelity(Fidelity::approximate);
  card.sample({{"axes", 2}}, {{2, 5, 4}, {2, 3, 4}}).sample({{"axes", Value::ints({2, 1})}}, {{2, 5, 4}, {2, 4, 3}});
  card.sample({{"axes", 2}, {"normalize", true}}, {{2, 5, 4}, {2, 3, 4}});
  cards::formerly_merge(card, "dot", {"dot_axes", "axes"});
}
