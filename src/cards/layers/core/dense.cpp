#include "cards/products.h"

namespace keraft {
namespace {

/// The last axis of any tensor by a matrix, in every spelling of tensordot. `depth`: moves before the product that belong to
/// it.
bool reads_at(Match& m, size_t depth, bool strict) {
  using namespace cards;
  Axes axes(*m.graph);
  Leaf x;
  std::vector<NodeId> passed;
  const auto p = projection(axes, {m.nodes.front(), 0}, [&](Edge edge) { return leaf(axes, edge, depth, x, passed); });
  if (!p || p->scale != 1 || x.layout.size() < 2 || p->out.size() != x.layout.size()) return false;
  // A kernel of more axes is not Dense's own.
  const auto& dims = m.graph->weights[static_cast<size_t>(p->kernel_use.weight)].value.dims;
  if (strict && std::count_if(dims.begin(), dims.end(), [](int64_t d) { return d != 1; }) > 2) return false;
  const AtomLayout in = axes.now(x.layout), out = axes.now(p->out);
  if (axes.now(p->summed) != in.back()) return false;
  if (!std::equal(in.begin(), in.end() - 1, out.begin())) return false;
  const auto kernel = arranged(axes, p->kernel_use, p->kernel, {in.back(), out.back()});
  if (!kernel) return false;
  m.weights["kernel"] = *kernel;
  m.config["use_bias"] = p->bias_use.has_value();
  if (p->bias_use) {
    const auto bias = arranged(axes, *p->bias_use, p->bias, {out.back()});
    if (!bias) return false;
    m.weights["bias"] = *bias;
  }
  m.nodes = p->nodes;
  m.nodes.insert(m.nodes.end(), passed.begin(), passed.end());
  m.inputs = {x.edge};
  return true;
}

LayerCard::Guard reads(bool strict) {
  return [strict](Match& m) {
    for (size_t depth = 0; depth < 4; ++depth) {
      Match attempt = m;
      if (!reads_at(attempt, depth, strict)) continue;
      m = std::move(attempt);
      return true;
    }
    return false;
  };
}

Edge lower_dense(LowerContext& c) {
  const Shape shape = c.type(c.inputs().front()).shape;
  const bool matrix = shape.has_rank() && shape.rank() == 2;
  const Edge y = c.op(matrix ? "MatMul" : "BatchMatMulV2", {c.inputs().front(), c.weight("kernel")});
  return c.config("use_bias") == Value(true) ? c.op("BiasAdd", {y, c.weight("bias")}) : y;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(dense) {
  using namespace keraft;
  card.keras("Dense").about("y = activation(x · kernel + bias)");
  card.needs("units").config("use_bias", true).config("activation", "linear");
  card.formerly("Dense", {{"output_dim", "units"}}).formerly("TimeDistributedDense", {{"output_dim", "units"}});
  card.weight("kernel", {"in", "units"}).known_as({"weights", "weight", "w"});
  card.weight("bias", {"units"}, "use_bias").known_as({"biases", "b"});
  card.form("h = MatMul(x, @kernel)   y = BiasAdd(h, @bias)", {{"use_bias", true}});
  card.form("y = MatMul(x, @kernel)", {{"use_bias", false}});
  const std::vector<std::string> roots{"BiasAdd",       "AddV2",       "Reshape",       "Squeeze", "MatMul",
                                       "BatchMatMulV2", "BatchMatMul", "BatchMatMulV3", "Einsum"};
  card.recover_with(roots, 12, reads(true)).recover_with(roots, 3, reads(false));
  card.passes_masks().lower_with(lower_dense).fidelity(Fidelity::approximate);
  card.sample({{"units", 3}}, {{2, 4}}).sample({{"units", 5}, {"use_bias", false}, {"activation", "tanh"}}, {{3, 7}});
  card.sample({{"units", 3}}, {{2, 5, 4}}).sample({{"units", 6}, {"use_bias", false}}, {{2, 3, 5, 4}});
}
