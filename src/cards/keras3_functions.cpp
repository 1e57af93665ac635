#include "base/string.h"
#include "cards/layers/activation/functions.h"
#include "ir/constant.h"

namespace keraft::cards {
namespace {

/// The halves of the last axis.
bool halves(Match& m) {
  const Node& split = m.graph->at(m.values.at("a").node);
  const auto axis = ir::constant_ints(*m.graph, split.inputs.at(0));
  const Shape x = m.shape("x");
  if (!axis || axis->size() != 1 || !x.has_rank() || x.rank() < 2) return false;
  return axis->front() == -1 || axis->front() + 1 == static_cast<int64_t>(x.rank());
}

/// A constant, or what became a weight.
std::vector<double> numbers(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  const Tensor* tensor =
      node.op == "ir/Weight" ? &graph.weights.at(static_cast<size_t>(node.weight)).value : ir::constant(graph, edge);
  const bool variable = node.op == "ir/Weight" && graph.weights.at(static_cast<size_t>(node.weight)).variable;
  return tensor && !variable && tensor->elements() <= 1 << 20 ? to_doubles(*tensor) : std::vector<double>{};
}

/// All of the last axis is sorted, summed along it, and divided by 1, 2, 3 …
bool sorts_last_axis(Match& m) {
  const Shape x = m.shape("x");
  if (!x.has_rank() || x.rank() < 2) return false;
  const auto last = static_cast<double>(x.rank() - 1);
  for (const NodeId id : m.nodes) {
    const Node& node = m.graph->at(id);
    const bool divides = node.op == "tf/RealDiv" && !numbers(*m.graph, node.inputs.at(1)).empty();
    if (!divides && node.op != "tf/TopKV2" && node.op != "tf/Cumsum" && node.op != "tf/Sum") continue;
    const auto given = numbers(*m.graph, node.inputs.at(1));
    if (divides) {
      const Shape by = m.graph->type(node.inputs[1]).shape;
      if (!by.has_rank() || by.rank() == 0 || !by.dims().back().is(static_cast<int64_t>(given.size()))) return false;
      for (size_t i = 0; i < given.size(); ++i) {
        if (given[i] != static_cast<double>(i + 1)) return false;
      }
      if (!x.dims().back().is(static_cast<int64_t>(given.size()))) return false;
    } else if (given.size() != 1 || (node.op == "tf/TopKV2" ? !x.dims().back().is(static_cast<int64_t>(given[0]))
                                                            : given[0] != -1 && given[0] != last)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool one_scope(Match& m) {
  const std::string& result = m.graph->at(m.nodes.front()).name;
  std::string_view scope;
  for (size_t i = 1; i < m.nodes.size(); ++i) {
    const std::string& name = m.graph->at(m.nodes[i]).name;
    const std::string_view its = base::scope_of(name);
    if (its.empty() || (i > 1 && its != scope)) return false;
    scope = its;
  }
  return !scope.empty() && (result == scope || base::scope_of(result) == scope);
}

void keras3_functions(LayerCard& card) {
  const auto only3 = [&](const std::string& name, const std::vector<std::string>& texts, const LayerCard::Guard& guard = {},
                         const std::vector<int64_t>& sample = {2, 5, 3}) {
    function(card, name, texts, guard);
    card.only_keras3("Keras 2 has no activation \"" + name + "\"", {{"activation", name}});
    card.sample({{"activation", name}}, {sample});
  };
  only3("log_sigmoid", {"n = Neg(x)   s = Softplus(n)   y = Neg(s)"});
  // Of several layers it stays Rescaling and ReLU, which every Keras loads. "hard_sigmoid" is another function in Keras 2.
  const std::string sixth = "a = AddV2(x, 3)   r = Relu6(a)   ";
  only3("hard_sigmoid",
        {sixth + "y = Mul(r, 0.16666667)", "a = Mul(x, 0.16666667)   b = AddV2(a, 0.5)   r = Relu(b)   y = Minimum(r, 1)"},
        one_scope);
  only3("hard_silu",
        {sixth + "h = Mul(r, 0.16666667)   y = Mul(x, h)", sixth + "p = Mul(x, r)   y = Mul(p, 0.16666667)",
         sixth + "h = Mul(x, 0.16666667)   y = Mul(h, r)"},
        one_scope);
  only3("hard_tanh", {"m = Maximum(x, -1)   y = Minimum(m, 1)"});
  const std::string celu = "p = Relu(x)   m = Minimum(x, 0)   ";
  only3("celu",
        {celu + "e = Expm1(m)   y = AddV2(p, e)", celu + "d = Mul(m, 1)   e = Expm1(d)   s = Mul(e, 1)   y = AddV2(p, s)"});
  only3("glu", {"a, b = Split([-1], x, num_split=2)   s = Sigmoid(b)   y = Mul(a, s)"}, {}, {2, 5, 4});
  card.also_reads("a, b = Split(_, x, num_split=2)   s = Sigmoid(b)   y = Mul(a, s)", {{"activation", "glu"}}, halves);
  only3("soft_shrink", {"c = Greater(x, 0.5)   a = AddV2(x, -0.5)   d = Greater(-0.5, x)   b = AddV2(x, 0.5)   "
                        "i = SelectV2(d, b, 0)   y = SelectV2(c, a, i)",
                        "a = Abs(x)   b = AddV2(a, -0.5)   r = Relu(b)   s = Sign(x)   y = Mul(s, r)"});
  only3("hard_shrink", {"a = Abs(x)   c = Greater(a, 0.5)   y = SelectV2(c, x, 0)"});
  // As Keras computes it: the threshold is that of the sum of all partial sums. Of equal elements the first comes first.
  only3("sparsemax",
        {"a = ExpandDims(x, -1:int32)   b = ExpandDims(x, -2:int32)   r = Greater(b, a)   f = Equal(b, a)   "
         "l = MatrixBandPart(f, -1:int64, 0:int64)   g = LogicalOr(r, l)   o = OnesLike(b)   c = SelectV2(g, o, 0)   "
         "n = Sum(c, [-1])   d = SelectV2(g, b, 0)   s = Sum(d, [-1])   p = Mul(n, x)   q = AddV2(p, 1)   h = Greater(q, s)   "
         "e = OnesLike(x)   i = SelectV2(h, e, 0)   k = Sum(i, [-1], keep_dims=true)   j = SelectV2(h, s, 0)   "
         "t = Sum(j, [-1], keep_dims=true)   u = AddV2(t, -1)   z = RealDiv(u, k)   v = Sub(x, z)   y = Relu(v)",
         "t, _ = TopKV2(x, _)   u = Cumsum(t, _)   d = AddV2(u, -1)   q = RealDiv(d, _)   e = Sub(t, q)   g = Greater(e, 0)   "
         "w = SelectV2(g, u, 0)   s = Sum(w, _, keep_dims=true)   a = AddV2(s, -1)   c = Cast(g, SrcT=_, DstT=_)   "
         "n = Sum(c, _, keep_dims=true)   z = RealDiv(a, n)   v = Sub(x, z)   y = Relu(v)"},
        sorts_last_axis);
  only3("tanh_shrink", {"t = Tanh(x)   y = Sub(x, t)"});
  only3("squareplus", {"q = Square(x)   a = AddV2(q, 4)   r = Sqrt(a)   s = AddV2(x, r)   y = Mul(s, 0.5)"});
  only3("sparse_sigmoid", {"c = GreaterEqual(-1, x)   d = GreaterEqual(x, 1)   a = AddV2(x, 1)   h = Mul(a, 0.5)   "
                           "i = SelectV2(d, 1, h)   y = SelectV2(c, 0, i)"});
  only3("sparse_plus", {"c = GreaterEqual(-1, x)   d = Greater(1, x)   a = AddV2(x, 1)   q = Square(a)   h = Mul(q, 0.25)   "
                        "i = SelectV2(d, h, x)   y = SelectV2(c, 0, i)"});
}

}  // namespace keraft::cards
