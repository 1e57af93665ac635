#include "normalise/noise.h"

#include <cmath>

#include "ir/constant.h"
#include "ir/number.h"

namespace keraft::normalise {
namespace {

constexpr int deepest = 8;

/// The number that a scalar is at inference: a constant, or the default of a placeholder.
std::optional<double> number(const Graph& graph, Edge edge, int depth = 0) {
  if (depth > deepest) return std::nullopt;
  const Node& node = graph.at(edge.node);
  if (node.is({"tf/Identity", "tf/PlaceholderWithDefault"}) && !node.inputs.empty())
    return number(graph, node.inputs[0], depth + 1);
  if (node.is({"tf/Sub"}) && node.inputs.size() == 2) {
    const auto a = number(graph, node.inputs[0], depth + 1);
    const auto b = a ? number(graph, node.inputs[1], depth + 1) : std::nullopt;
    return b ? std::optional(*a - *b) : std::nullopt;
  }
  const auto value = ir::scalar(graph, edge);
  return value ? value->number() : std::nullopt;
}

/// The op that draws numbers between 0 and 1 from which `edge` is made, by arithmetic that only spreads them over an interval.
const Node* uniform(const Graph& graph, Edge edge, int depth = 0) {
  const Node& node = graph.at(edge.node);
  if (node.op.find("RandomUniform") != std::string::npos) return &node;
  if (depth > deepest || !node.is({"tf/Add", "tf/AddV2", "tf/Mul", "tf/Sub", "tf/Identity", "tf/Cast"})) return nullptr;
  for (const Edge& input : node.inputs) {
    if (const Node* found = uniform(graph, input, depth + 1)) return found;
  }
  return nullptr;
}

/// Axes along which the numbers of a random op are the same: those of size 1 in the shape that it is given.
List shared_axes(const Graph& graph, const Node& random) {
  List out;
  if (random.inputs.empty()) return out;
  const auto note = [&](size_t axis, std::optional<double> size) {
    if (axis > 0 && size == 1) out.emplace_back(static_cast<int64_t>(axis));
  };
  const Edge shape = random.inputs[0];
  if (const auto sizes = ir::constant_ints(graph, shape)) {
    for (size_t axis = 0; axis < sizes->size(); ++axis) note(axis, static_cast<double>((*sizes)[axis]));
  } else if (const Node& pack = graph.at(shape.node); pack.is({"tf/Pack"})) {
    for (size_t axis = 0; axis < pack.inputs.size(); ++axis) note(axis, number(graph, pack.inputs[axis]));
  }
  return out;
}

struct Mask {
  std::optional<double> rate;
  List shared;
};

/// random >= rate, as a bool or cast to a number; or floor(keep_prob + random).
std::optional<Mask> mask(const Graph& graph, Edge edge, int depth = 0) {
  if (depth > deepest) return std::nullopt;
  const Node& node = graph.at(edge.node);
  if (node.is({"tf/Cast", "tf/Identity"})) return mask(graph, node.inputs.at(0), depth + 1);
  if (node.is({"tf/GreaterEqual"})) {
    const Node* random = uniform(graph, node.inputs.at(0));
    if (random) return Mask{number(graph, node.inputs.at(1)), shared_axes(graph, *random)};
  }
  if (!node.is({"tf/Floor"})) return std::nullopt;
  const Node& sum = graph.at(node.inputs.at(0).node);
  if (!sum.is({"tf/Add", "tf/AddV2"}) || sum.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    const Node* random = uniform(graph, sum.inputs[1 - i]);
    if (!random || uniform(graph, sum.inputs[i])) continue;
    const auto keep = number(graph, sum.inputs[i]);
    return Mask{keep ? std::optional(1 - *keep) : std::nullopt, shared_axes(graph, *random)};
  }
  return std::nullopt;
}

/// x of x / keep_prob, x · 1 / (1 − rate).
std::optional<Edge> unscaled(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (node.is({"tf/RealDiv", "tf/Div"}) && node.inputs.size() == 2) return node.inputs[0];
  if (!node.is({"tf/Mul"}) || node.inputs.size() != 2) return std::nullopt;
  const auto small = [&](Edge e) {
    const Shape shape = graph.type(e).shape;
    return ir::scalar(graph, e).has_value() || graph.at(e.node).is({"tf/RealDiv", "tf/Reciprocal"}) ||
           (shape.has_rank() && shape.rank() == 0);
  };
  if (small(node.inputs[1])) return node.inputs[0];
  if (small(node.inputs[0])) return node.inputs[1];
  return std::nullopt;
}

double rounded(double rate) { return ir::shortest(std::round(rate * 1e7) / 1e7); }

bool is_share(std::optional<double> rate) { return rate && rounded(*rate) > 0 && rounded(*rate) < 1; }

Noise masked(Edge x, const Mask& mask, const char* op) {
  Noise out{x, op, {}, is_share(mask.rate), !mask.rate};
  if (out.known) out.attrs["rate"] = rounded(*mask.rate);
  if (!mask.shared.empty()) out.attrs["shared"] = mask.shared;
  return out;
}

std::optional<Noise> dropout(const Graph& graph, const Node& node) {
  if (node.is({"tf/Mul"}) && node.inputs.size() == 2) {
    for (size_t i = 0; i < 2; ++i) {
      const auto m = mask(graph, node.inputs[i]);
      const auto x = m ? unscaled(graph, node.inputs[1 - i]) : std::nullopt;
      if (x) return masked(*x, *m, "ir/Dropout");
    }
  }
  if (node.is({"tf/SelectV2", "tf/Select"}) && node.inputs.size() == 3) {
    const auto m = mask(graph, node.inputs[0]);
    const auto x = m ? unscaled(graph, node.inputs[1]) : std::nullopt;
    if (x) return masked(*x, *m, "ir/Dropout");
  }
  return std::nullopt;
}

/// The operand of a sum or product that is a number, and the other one.
std::optional<std::pair<double, Edge>> with_number(const Graph& graph, Edge edge, std::initializer_list<std::string_view> ops) {
  const Node& node = graph.at(edge.node);
  if (!node.is(ops) || node.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    if (const auto value = number(graph, node.inputs[i])) return std::pair(*value, node.inputs[1 - i]);
  }
  return std::nullopt;
}

struct Normal {
  double mean = 0, deviation = 1;
};

/// Numbers of a normal distribution, as tf.random.normal makes them.
std::optional<Normal> normal(const Graph& graph, Edge edge) {
  Normal out;
  if (const auto sum = with_number(graph, edge, {"tf/Add", "tf/AddV2"})) {
    out.mean = sum->first;
    edge = sum->second;
  }
  if (const auto product = with_number(graph, edge, {"tf/Mul"})) {
    out.deviation = product->first;
    edge = product->second;
  }
  const std::string& op = graph.at(edge.node).op;
  const bool drawn = op == "tf/RandomStandardNormal" || op.starts_with("tf/StatelessRandomNormal");
  return drawn ? std::optional(out) : std::nullopt;
}

std::optional<Noise> gaussian(const Graph& graph, const Node& node) {
  const bool sum = node.is({"tf/Add", "tf/AddV2"});
  if ((!sum && !node.is({"tf/Mul"})) || node.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    const Edge x = node.inputs[1 - i];
    const auto drawn = normal(graph, node.inputs[i]);
    if (!drawn || number(graph, x) || normal(graph, x) || drawn->mean != (sum ? 0 : 1) || !(drawn->deviation > 0)) continue;
    const double variance = drawn->deviation * drawn->deviation;
    if (sum) return Noise{x, "ir/GaussianNoise", {{"stddev", rounded(drawn->deviation)}}, true, false};
    return Noise{x, "ir/GaussianDropout", {{"rate", rounded(variance / (1 + variance))}}, true, false};
  }
  return std::nullopt;
}

/// a · (x · mask + alpha · (1 − mask)) + b, where a and b keep mean and variance.
std::optional<Noise> alpha_dropout(const Graph& graph, const Node& node) {
  constexpr double alpha = -1.7580993408473766;
  const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-4 * std::abs(b); };
  if (!node.is({"tf/Add", "tf/AddV2"}) || node.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    const auto b = number(graph, node.inputs[i]);
    const auto scaled = b ? with_number(graph, node.inputs[1 - i], {"tf/Mul"}) : std::nullopt;
    const Node* sum = scaled ? &graph.at(scaled->second.node) : nullptr;
    if (!sum || !sum->is({"tf/Add", "tf/AddV2"}) || sum->inputs.size() != 2) continue;
    for (size_t j = 0; j < 2; ++j) {
      const auto dropped = with_number(graph, sum->inputs[j], {"tf/Mul"});
      const Node& kept = graph.at(sum->inputs[1 - j].node);
      if (!dropped || !near(dropped->first, alpha) || !kept.is({"tf/Mul"}) || kept.inputs.size() != 2) continue;
      const Node& rest = graph.at(dropped->second.node);
      if (!rest.is({"tf/Sub"}) || rest.inputs.size() != 2 || number(graph, rest.inputs[0]) != 1) continue;
      for (size_t m = 0; m < 2; ++m) {
        const auto found = kept.inputs[m] == rest.inputs[1] ? mask(graph, kept.inputs[m]) : std::nullopt;
        if (!found || !is_share(found->rate)) continue;
        const double rate = *found->rate, a = 1 / std::sqrt((1 - rate) * (1 + rate * alpha * alpha));
        if (near(scaled->first, a) && near(*b, -a * alpha * rate)) return masked(kept.inputs[1 - m], *found, "ir/AlphaDropout");
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Noise> noise(const Graph& graph, const Node& node) {
  if (auto found = dropout(graph, node)) return found;
  if (auto found = alpha_dropout(graph, node)) return found;
  return gaussian(graph, node);
}

}  // namespace keraft::normalise
