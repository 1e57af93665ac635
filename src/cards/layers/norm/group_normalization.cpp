#include <algorithm>
#include <numeric>

#include "cards/axes.h"
#include "cards/normalised.h"

namespace keraft {
namespace {

using cards::there;

/// All axes behind the batch but one, which is returned.
std::optional<size_t> only_missing(const std::vector<int64_t>& axes, size_t rank) {
  if (axes.size() + 2 != rank) return std::nullopt;
  for (size_t axis = 1; axis < rank; ++axis) {
    if (std::find(axes.begin(), axes.end(), static_cast<int64_t>(axis)) == axes.end()) return axis;
  }
  return std::nullopt;
}

bool bind_channels(Match& m, const Graph& graph, const std::string& slot, Edge weight, const Shape& x,
                   const std::vector<int64_t>& axes) {
  m.config[slot == "gamma" ? "scale" : "center"] = there(weight);
  if (!there(weight)) return true;
  if (!cards::bind_along(m, graph, slot, weight, x, axes)) return false;
  Tensor& value = m.weights.at(slot).value;
  value = reshaped(value, {value.elements()});
  return true;
}

Match drafted(const cards::Normalised& n, int64_t groups, size_t axis, size_t rank) {
  Match m{};
  m.nodes = n.nodes;
  m.inputs = {n.x};
  m.config = {
      {"groups", groups}, {"axis", axis + 1 == rank ? Value(-1) : Value(static_cast<int64_t>(axis))}, {"epsilon", n.epsilon}};
  return m;
}

/// Each channel by itself: moments over all other axes.
std::optional<Match> find_instance_norm(const Graph& graph, NodeId root) {
  const auto n = cards::normalised(graph, root);
  if (!n || n->axes.empty() || !n->centred || there(n->grouped)) return std::nullopt;
  if (!there(n->gamma) && !there(n->beta)) return std::nullopt;  // LayerNormalization says it as well
  const Shape x = graph.type(n->x).shape;
  const auto axis = only_missing(n->axes, x.rank());
  if (!axis || x.rank() < 3 || !x[*axis].known()) return std::nullopt;
  Match m = drafted(*n, -1, *axis, x.rank());
  const std::vector<int64_t> channels{static_cast<int64_t>(*axis)};
  if (!bind_channels(m, graph, "gamma", n->gamma, x, channels) || !bind_channels(m, graph, "beta", n->beta, x, channels))
    return std::nullopt;
  return m;
}

/// The axis of `x` that is two in `grouped`: groups, and channels of each.
std::optional<size_t> group_axis(const cards::Normalised& n, const Shape& x, const Shape& grouped) {
  const auto group = only_missing(n.axes, grouped.rank());
  if (!group || !x.has_rank() || x.rank() + 1 != grouped.rank()) return std::nullopt;
  for (size_t i = 0; i < x.rank(); ++i) {
    const bool same = i == *group ? x[i] == grouped[i] * grouped[i + 1] : x[i] == grouped[i + (i > *group ? 1 : 0)];
    if (!same) return std::nullopt;
  }
  return x[*group].known() && grouped[*group].known() ? group : std::nullopt;
}

/// Channels reshaped to groups, normalised, and reshaped back; gamma and beta before or after that.
std::optional<Match> find_group_norm(const Graph& graph, NodeId root) {
  const cards::GraphView v(graph);
  const Node* back = v.is({root, 0}, "Reshape");
  auto n = cards::normalised(graph, back ? back->inputs[0].node : root);
  if (!n || n->axes.empty() || !n->centred || there(n->grouped) == bool(back)) return std::nullopt;
  if (back) {
    const Node* forth = v.is(n->x, "Reshape");
    if (!forth || !(v.shape({root, 0}) == v.shape(forth->inputs[0]))) return std::nullopt;
    n->nodes.insert(n->nodes.begin(), root);
    n->nodes.push_back(n->x.node);
    n->grouped = n->x;
    n->x = forth->inputs[0];
  }
  const Shape x = v.shape(n->x), grouped = v.shape(n->grouped);
  const auto group = group_axis(*n, x, grouped);
  if (!group) return std::nullopt;
  const auto at = static_cast<int64_t>(*group);
  const std::vector<int64_t> axes = back ? std::vector<int64_t>{at, at + 1} : std::vector<int64_t>{at};
  Match m = drafted(*n, grouped[*group].value(), *group, x.rank());
  const Shape& seen = back ? grouped : x;
  if (!bind_channels(m, graph, "gamma", n->gamma, seen, axes) || !bind_channels(m, graph, "beta", n->beta, seen, axes))
    return std::nullopt;
  return m;
}

Edge lower_group_norm(LowerContext& c) {
  const Edge x = c.inputs().front();
  const Shape shape = c.type(x).shape;
  const auto axes = cards::lowered_axes(c, shape);
  const auto axis = static_cast<size_t>(axes.front());
  const auto* groups = c.config("groups").get<int64_t>();
  if (axes.size() != 1 || !groups || !shape[axis].known()) c.fail("axis " + c.config("axis").text() + " on " + shape.text());
  const int64_t channels = shape[axis].value(), count = *groups == -1 ? channels : *groups;
  if (count < 1 || channels % count != 0)
    c.fail(std::to_string(channels) + " channels in " + std::to_string(count) + " groups");
  std::vector<int64_t> others(shape.rank() - 1);
  std::iota(others.begin(), others.end(), 1);
  if (*groups == -1) {
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(axis - 1));
    return cards::normalise(c, x, others, true, cards::weight_along(c, "gamma", "scale", shape, axes),
                            cards::weight_along(c, "beta", "center", shape, axes));
  }
  // One size may stay open in a Reshape: the batch, or that of an axis when the batch is known.
  std::vector<int64_t> forth, back, vector(shape.rank() + 1, 1);
  for (size_t i = 0; i < shape.rank(); ++i) {
    const int64_t size = shape[i].known() ? shape[i].value() : -1;
    back.push_back(size);
    if (i != axis) forth.push_back(size);
    if (i == axis) forth.insert(forth.end(), {count, channels / count});
  }
  if (std::count(back.begin(), back.end(), -1) > 1) c.fail("two open sizes in " + shape.text());
  vector[axis] = count;
  vector[axis + 1] = channels / count;
  const auto spread = [&](const char* slot, const char* when) {
    return c.config(when) == Value(true) ? c.op("Reshape", {c.weight(slot), cards::int_constant(c, vector)}) : Edge{};
  };
  others.push_back(static_cast<int64_t>(shape.rank()));
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(axis - 1));
  const Edge grouped = c.op("Reshape", {x, cards::int_constant(c, forth)});
  const Edge y = cards::normalise(c, grouped, others, true, spread("gamma", "scale"), spread("beta", "center"));
  return c.op("Reshape", {y, cards::int_constant(c, back)});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(group_normalization) {
  using namespace keraft;
  card.keras("GroupNormalization").about("each sample's channels normalised in groups; −1: each channel by itself");
  card.config("groups", 32).always().config("axis", -1).config("epsilon", 0.001).always();
  card.config("center", true).config("scale", true);
  card.weight("gamma", {"channels"}, "scale")
      .ones()
      .known_as({"scale"})
      .weight("beta", {"channels"}, "center")
      .known_as({"bias", "offset"});
  card.recover_with({"Reshape", "AddV2", "Mul", "Sub", "RealDiv", "BiasAdd", "AddN"}, 110, find_group_norm);
  card.recover_with({"AddV2", "Mul", "Sub", "RealDiv", "BiasAdd", "AddN"}, 95, find_instance_norm);
  card.lower_with(lower_group_norm).fidelity(Fidelity::approximate);
  card.sample({{"groups", 2}}, {{2, 5, 3, 6}}).sample({{"groups", -1}, {"epsilon", 0.01}}, {{3, 4, 5, 3}});
  card.sample({{"groups", 3}, {"axis", 1}, {"center", false}}, {{2, 6, 4, 5}});
}
