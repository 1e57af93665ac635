#include <numeric>

#include "cards/axes.h"
#include "ir/constant.h"

namespace keraft {
namespace {

std::vector<int64_t> swapped(size_t rank, size_t axis) {
  std::vector<int64_t> perm(rank);
  std::iota(perm.begin(), perm.end(), 0);
  std::swap(perm[axis], perm.back());
  return perm;
}

bool swaps_axis(Match& m) {
  const Shape x = m.shape("x");
  const auto there = ir::constant_ints(*m.graph, m.graph->at(m.values.at("t").node).inputs.at(1));
  const auto back = ir::constant_ints(*m.graph, m.graph->at(m.nodes.front()).inputs.at(1));
  if (!x.has_rank() || !there || there != back || there->size() != x.rank()) return false;
  for (size_t axis = 1; axis + 1 < x.rank(); ++axis) {
    if (*there != swapped(x.rank(), axis)) continue;
    m.config["axis"] = static_cast<int64_t>(axis);
    return true;
  }
  return false;
}

Edge lower_softmax(LowerContext& c) {
  const Edge x = c.inputs().front();
  const Shape shape = c.type(x).shape;
  const std::vector<int64_t> axes = cards::lowered_axes(c, shape);
  if (axes.size() == 1 && axes[0] + 1 == static_cast<int64_t>(shape.rank())) return c.op("Softmax", {x});
  if (axes.size() == 1) {
    const Edge perm = cards::int_constant(c, swapped(shape.rank(), static_cast<size_t>(axes[0])));
    return c.op("Transpose", {c.op("Softmax", {c.op("Transpose", {x, perm})}), perm});
  }
  const Edge over = cards::int_constant(c, axes);
  const Edge most = c.op("Max", {x, over}, {{"keep_dims", true}});
  const Edge power = c.op("Exp", {c.op("Sub", {x, most})});
  return c.op("RealDiv", {power, c.op("Sum", {power, over}, {{"keep_dims", true}})});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(softmax) {
  using namespace keraft;
  card.keras("Softmax").about("y = exp(x) / sum of exp(x) along the axis");
  card.config("axis", -1);
  card.also_reads("t = Transpose(x, _)   s = Softmax(t)   y = Transpose(s, _)", {}, swaps_axis);
  const std::string power = "m = Max(x, $axis[], keep_dims=true)   d = Sub(x, m)   e = Exp(d)   ",
                    sum = "s = Sum(e, $axis[], keep_dims=true)   ";
  card.also_reads(power + sum + "y = RealDiv(e, s)", {}, tidy_axes);
  card.also_reads("e = Exp(x)   " + sum + "y = RealDiv(e, s)", {}, tidy_axes);
  // exp(x - logsumexp(x)), the largest kept out of the sum unless it is infinite.
  card.also_reads(
      "m = Max(x, $axis[], keep_dims=true)   f = IsFinite(m)   g = SelectV2(f, m, 0)   d = Sub(x, g)   e = Exp(d)   " + sum +
          "l = Log(s)   a = AddV2(l, g)   b = Sub(x, a)   y = Exp(b)",
      {}, tidy_axes);
  card.lower_with(lower_softmax).fidelity(Fidelity::approximate);
  card.sample({{"axis", 1}}, {{2, 5, 3}}).sample({{"axis", Value::ints({1, 2})}}, {{3, 4, 5, 2}});
}
