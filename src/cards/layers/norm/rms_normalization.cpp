#include "cards/axes.h"
#include "cards/normalised.h"

namespace keraft {
namespace {

std::optional<Match> find_rms_norm(const Graph& graph, NodeId root) {
  const auto n = cards::normalised(graph, root);
  if (!n || n->axes.empty() || cards::there(n->grouped) || n->centred || !cards::there(n->gamma) || cards::there(n->beta))
    return std::nullopt;
  const Shape x = graph.type(n->x).shape;
  Match m{};
  m.nodes = n->nodes;
  m.inputs = {n->x};
  m.config = {{"axis", cards::axis_entry(n->axes, x.rank())}, {"epsilon", n->epsilon}};
  return cards::bind_along(m, graph, "scale", n->gamma, x, n->axes) ? std::optional(m) : std::nullopt;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(rms_normalization) {
  using namespace keraft;
  card.keras("RMSNormalization").about("x / sqrt(mean(x²) + epsilon) · scale along its axes");
  card.only_keras3("Keras 2 has no RMSNormalization");
  card.config("axis", -1).config("epsilon", 1e-6).always().weight("scale", {"*"}).ones().known_as({"gamma", "weight"});
  card.recover_with({"Mul", "RealDiv"}, 90, find_rms_norm);
  card.lower_with([](LowerContext& c) {
    const Edge x = c.inputs().front();
    const Shape shape = c.type(x).shape;
    const auto axes = lowered_axes(c, shape);
    return normalise(c, x, axes, false, weight_along(c, "scale", "", shape, axes), {});
  });
  card.fidelity(Fidelity::approximate).sample({}, {{2, 5, 3}}).sample({{"axis", Value::ints({1, 2})}}, {{3, 4, 6}});
}
