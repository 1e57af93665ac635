#include "cards/axes.h"
#include "cards/normalised.h"

namespace keraft {
namespace {

std::optional<Match> find_layer_norm(const Graph& graph, NodeId root) {
  const auto n = cards::normalised(graph, root);
  if (!n || n->axes.empty() || cards::there(n->grouped) || !n->centred) return std::nullopt;
  const Shape x = graph.type(n->x).shape;
  Match m{};
  m.nodes = n->nodes;
  m.inputs = {n->x};
  m.config = {{"axis", cards::axis_entry(n->axes, x.rank())},
              {"epsilon", n->epsilon},
              {"scale", cards::there(n->gamma)},
              {"center", cards::there(n->beta)}};
  if (cards::there(n->gamma) && !cards::bind_along(m, graph, "gamma", n->gamma, x, n->axes)) return std::nullopt;
  if (cards::there(n->beta) && !cards::bind_along(m, graph, "beta", n->beta, x, n->axes)) return std::nullopt;
  return m;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(layer_normalization) {
  using namespace keraft;
  card.passes_masks()
      .keras("LayerNormalization")
      .about("each sample normalised along its axes: (x − mean) / sqrt(variance + epsilon) · gamma + beta");
  card.config("axis", -1).config("epsilon", 0.001).always().config("center", true).config("scale", true);
  card.weight("gamma", {"*"}, "scale").ones().known_as({"scale"}).weight("beta", {"*"}, "center").known_as({"bias", "offset"});
  card.recover_with({"AddV2", "Mul", "Sub", "RealDiv", "BiasAdd", "AddN", "Reshape"}, 90, find_layer_norm);
  card.lower_with([](LowerContext& c) {
    const Edge x = c.inputs().front();
    const Shape shape = c.type(x).shape;
    const auto axes = lowered_axes(c, shape);
    const Edge gamma = weight_along(c, "gamma", "scale", shape, axes), beta = weight_along(c, "beta", "center", shape, axes);
    return normalise(c, x, axes, true, gamma, beta);
  });
  card.fidelity(Fidelity::approximate)
      .sample({}, {{2, 5, 3}})
      .sample({{"axis", Value::ints({1, 2})}, {"epsilon", 0.01}}, {{3, 4, 6}});
  card.sample({{"axis", 1}, {"scale", false}}, {{2, 4, 3}}).sample({{"center", false}}, {{2, 7}});
}
