#include "cards/layers/reshape/reshape.h"
#include "base/string.h"
#include "cards/axes.h"

namespace keraft {
namespace {

bool reshapes_behind_batch(Match& m) {
  const auto sizes = cards::inner_sizes(m);
  if (!sizes) return false;
  List target;
  int open = 0;
  for (const Dim& size : *sizes) {
    target.push_back(size.known() ? size.value() : int64_t{-1});
    open += size.known() ? 0 : 1;
  }
  m.config["target_shape"] = std::move(target);
  return open <= 1;
}

/// Several in one scope of the source are one.
bool reads_chain(Match& m) {
  const auto scope = [&](NodeId id) { return base::scope_of(m.graph->at(id).name); };
  const auto reshapes = [&](Edge edge) {
    const Node& node = m.graph->at(edge.node);
    return node.layer < 0 && !node.dead && (node.op == "tf/Reshape" || node.op == "tf/ExpandDims" || node.op == "tf/Squeeze");
  };
  const NodeId root = m.nodes.front();
  Edge x = m.graph->at(root).inputs.at(0);
  while (reshapes(x) && scope(x.node).starts_with(scope(root)) && m.readers(x.node) == 1) {
    m.nodes.push_back(x.node);
    x = m.graph->at(x.node).inputs.at(0);
  }
  if (m.nodes.size() < 2) return false;
  m.inputs = {x};
  m.values["x"] = x;
  m.values["y"] = {root, 0};
  return m.shape("y").has_rank() && m.shape("y").rank() > 2 && reshapes_behind_batch(m);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(reshape) {
  using namespace keraft;
  card.keras("Reshape").about("other sizes behind the batch axis");
  card.needs("target_shape");
  card.also_reads("y = Reshape(x, _)", {}, reshapes_behind_batch)
      .also_reads("y = Squeeze(x, squeeze_dims=_)", {}, reshapes_behind_batch);
  card.also_reads("y = ExpandDims(x, _)", {}, reshapes_behind_batch);
  card.recover_with({"Reshape", "ExpandDims", "Squeeze"}, 2, reads_chain);
  card.lower_with([](LowerContext& c) {
    const auto target = c.config("target_shape").as_ints();
    if (!target) c.fail("target_shape must be a list of integers: " + c.config("target_shape").text());
    const Shape shape = c.type(c.inputs().front()).shape;
    std::vector<int32_t> sizes{-1};
    int64_t inner = 1;
    for (const int64_t size : *target) {
      sizes.push_back(static_cast<int32_t>(size));
      inner = size < 0 ? -1 : inner * size;
    }
    if (inner < 0) {
      // One size is open, so the batch must not be.
      Dim all(1), known(1);
      for (size_t i = 1; shape.has_rank() && i < shape.rank(); ++i) all = all * shape[i];
      for (const int64_t size : *target) known = size < 0 ? known : known * Dim(size);
      const auto open = shape.has_rank() ? all.exact_div(known) : std::nullopt;
      if (open && open->known()) {
        for (int32_t& size : sizes) size = size < 0 && &size != sizes.data() ? static_cast<int32_t>(open->value()) : size;
      } else {
        return c.op("Reshape", {c.inputs().front(), cards::with_batch(c, {sizes.begin() + 1, sizes.end()})});
      }
    }
    const std::vector<int64_t> rank{static_cast<int64_t>(sizes.size())};
    return c.op("Reshape", {c.inputs().front(), c.constant(make_tensor<int32_t>(DType::i32, rank, sizes))});
  });
  card.sample({{"target_shape", Value::ints({3, 10})}}, {{2, 5, 6}})
      .sample({{"target_shape", Value::ints({2, 14})}}, {{3, 4, 7}});
}
