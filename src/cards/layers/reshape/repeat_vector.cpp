#include "cards/products.h"

namespace keraft {
namespace {

/// [B, D] → [B, n, D], spelled with a Tile between reshapes.
bool repeats(Match& m) {
  using namespace cards;
  for (size_t depth = 2; depth < 6; ++depth) {
    Axes axes(*m.graph);
    Leaf x;
    std::vector<NodeId> passed;
    const auto layout = leaf(axes, {m.nodes.front(), 0}, depth, x, passed);
    if (!layout || x.layout.size() != 2 || layout->size() != 3) continue;
    const AtomLayout in = axes.now(x.layout), out = axes.now(*layout);
    const Atoms spread = axes.now(axes.spread);
    if (spread.empty() || out[0] != in[0] || out[1] != spread || out[2] != in[1]) continue;
    m.config["n"] = axes.size(spread).value();
    m.nodes = passed;
    m.inputs = {x.edge};
    return true;
  }
  return false;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(repeat_vector) {
  using namespace keraft;
  card.keras("RepeatVector").about("a vector n times, one after another");
  card.needs("n").recover_with({"Tile", "Reshape"}, 5, repeats);
  card.lower_with([](LowerContext& c) {
    const auto* n = c.config("n").get<int64_t>();
    if (!n) c.fail("n must be an integer: " + c.config("n").text());
    const int32_t axis = 1, counts[] = {1, static_cast<int32_t>(*n), 1};
    const Edge apart =
        c.op("ExpandDims", {c.inputs().front(), c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&axis, 1)))});
    return c.op("Tile", {apart, c.constant(make_tensor<int32_t>(DType::i32, {3}, counts))});
  });
  card.sample({{"n", 4}}, {{2, 3}}).sample({{"n", 2}}, {{3, 5}});
}
