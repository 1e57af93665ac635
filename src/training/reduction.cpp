#include "training/reduction.h"

#include <algorithm>
#include <set>

#include "ir/constant.h"
#include "training/spelling.h"

namespace keraft::training {
namespace {

constexpr size_t most_seen = 256;

class Peel {
 public:
  Peel(const Graph& graph, const Registry& registry) : graph_(graph), registry_(registry) {}

  Edge at(Edge edge) const { return behind(graph_, edge, registry_); }
  const Node& node(Edge edge) const { return graph_.at(edge.node); }

  std::optional<double> constant(Edge edge) const {
    const auto value = ir::scalar(graph_, through_casts(edge));
    return value ? value->number() : std::nullopt;
  }

  /// Axes 0, 1, … and no other, of a tensor whose rank, where it is known, is their number.
  bool all_axes(const Node& reduce) const {
    auto axes = ir::constant_ints(graph_, at(reduce.inputs.at(1)));
    const Shape shape = graph_.type(reduce.inputs.at(0)).shape;
    if (!axes) return node(at(reduce.inputs[1])).op == "tf/Range";
    if (keeps_dims(reduce)) return false;
    for (int64_t& axis : *axes) {
      if (axis < 0 && shape.has_rank()) axis += static_cast<int64_t>(shape.rank());
    }
    std::sort(axes->begin(), axes->end());
    for (size_t i = 0; i < axes->size(); ++i) {
      if ((*axes)[i] != static_cast<int64_t>(i)) return false;
    }
    return !axes->empty() && (!shape.has_rank() || shape.rank() == axes->size());
  }

  bool no_axes(const Node& reduce) const {
    const auto axes = ir::constant_ints(graph_, at(reduce.inputs.at(1)));
    const Shape shape = graph_.type(reduce.inputs.at(0)).shape;
    return (axes && axes->empty()) || (shape.has_rank() && shape.rank() == 0);
  }

  static bool keeps_dims(const Node& reduce) {
    for (const char* name : {"keep_dims", "keepdims"}) {
      const auto found = reduce.attrs.find(name);
      if (found != reduce.attrs.end() && found->second == Value(true)) return true;
    }
    return false;
  }

  enum class Count { none, numbers, rows };

  /// Is it computed of sizes alone? Part of a shape counts rows.
  Count count(Edge edge) const {
    std::vector<Edge> open{edge};
    std::set<NodeId> seen;
    Count out = Count::none;
    while (!open.empty()) {
      const Edge next = open.back();
      open.pop_back();
      const Node& one = node(next);
      if (!seen.insert(next.node).second) continue;
      if (seen.size() > most_seen) return Count::none;
      if (one.is({"tf/Shape", "tf/Size", "tf/ZerosLike", "tf/OnesLike", "tf/Rank"})) {
        if (out == Count::none) out = Count::numbers;
        continue;
      }
      if (one.is({"tf/StridedSlice", "tf/GatherV2", "tf/Slice"})) out = Count::rows;
      if (one.inputs.empty() && one.op != "tf/Const") return Count::none;
      open.insert(open.end(), one.inputs.begin(), one.inputs.end());
    }
    return out;
  }

  bool ones(Edge edge, int depth = 0) const {
    edge = through_casts(edge);
    const Node& one = node(edge);
    if (one.is({"tf/Fill"}) && one.inputs.size() == 2) return ones(one.inputs[1]);
    if (one.is({"tf/Mul"}) && one.inputs.size() == 2 && depth < 8)
      return ones(one.inputs[0], depth + 1) && ones(one.inputs[1], depth + 1);
    return ir::filled_with(graph_, edge, [](double v) { return v == 1; }) || one.is({"tf/OnesLike"});
  }

  /// A sum over everything, through further sums of its one number.
  std::optional<Edge> summed(Edge edge) const {
    edge = at(edge);
    for (int i = 0; i < 8; ++i) {
      const Node& one = node(edge);
      if (!one.is({"tf/Sum"}) || one.inputs.size() != 2) return std::nullopt;
      const bool all = all_axes(one);
      if (!all && !no_axes(one)) return std::nullopt;
      edge = at(one.inputs[0]);
      if (all && !node(edge).is({"tf/Sum"})) return one.inputs[0];
    }
    return std::nullopt;
  }

  /// sum / count, as TensorFlow's losses spell it: 0 where the count is 0.
  std::optional<Reduction> quotient(Edge edge) const {
    const Node& one = node(edge);
    if (one.is({"tf/Select", "tf/SelectV2"}) && one.inputs.size() == 3) {
      const Edge inner = at(one.inputs[1]);
      return count(one.inputs[0]) != Count::none ? quotient(inner) : std::nullopt;
    }
    if (!one.is({"tf/DivNoNan", "tf/RealDiv", "tf/Div"}) || one.inputs.size() != 2) return std::nullopt;
    const auto inner = summed(one.inputs[0]);
    const Count counted = count(one.inputs[1]);
    if (!inner || counted == Count::none) return std::nullopt;
    return Reduction{*inner, 1, true, counted == Count::rows};
  }

  std::optional<Reduction> reduction(Edge edge) const {
    edge = at(edge);
    if (auto out = quotient(edge)) return out;
    const Node& one = node(edge);
    if (one.is({"tf/Mean"}) && one.inputs.size() == 2 && all_axes(one)) return Reduction{one.inputs[0], 1, true, false};
    if (const auto inner = summed(edge)) return Reduction{*inner, 1, false, false};
    return std::nullopt;
  }

  /// Down to the op that compares: signs, factors, weights of one and reshapes do not matter.
  void unwrap(Reduction& r) const {
    for (int i = 0; i < 16; ++i) {
      r.inner = at(r.inner);
      const Node& one = node(r.inner);
      if (one.is({"tf/Reshape", "tf/Squeeze", "tf/ExpandDims"})) {
        r.inner = one.inputs.at(0);
      } else if (one.is({"tf/Neg"})) {
        r.factor = -r.factor;
        r.inner = one.inputs.at(0);
      } else if (one.is({"tf/Mul"}) && one.inputs.size() == 2) {
        const size_t weights = ones(one.inputs[1]) || constant(one.inputs[1]) ? 1 : 0;
        if (!ones(one.inputs[weights]) && !constant(one.inputs[weights])) return;
        if (const auto factor = constant(one.inputs[weights])) r.factor *= *factor;
        r.inner = one.inputs[1 - weights];
      } else {
        return;
      }
    }
  }

 private:
  Edge through_casts(Edge edge) const {
    edge = at(edge);
    for (int i = 0; i < 8 && node(edge).is({"tf/Cast", "tf/Reshape"}); ++i) edge = at(node(edge).inputs.at(0));
    return edge;
  }

  const Graph& graph_;
  const Registry& registry_;
};

}  // namespace

std::optional<std::vector<std::pair<Edge, double>>> scaled_terms(const Graph& graph, Edge edge, const Registry& registry) {
  const Peel peel(graph, registry);
  const Node& node = graph.at(edge.node);
  std::vector<std::pair<Edge, double>> out;
  if (node.is({"tf/Add", "tf/AddV2", "tf/AddN", "tf/Sub"})) {
    for (const Edge& input : node.inputs) out.emplace_back(input, 1);
    if (node.is({"tf/Sub"})) out.back().second = -1;
    return out;
  }
  const auto only = [](Edge part, double factor) { return std::vector<std::pair<Edge, double>>{{part, factor}}; };
  if (node.is({"tf/Neg"})) return only(node.inputs.at(0), -1);
  if (node.is({"tf/Sum", "tf/Mean"}) && node.inputs.size() == 2 && peel.no_axes(node)) return only(node.inputs[0], 1);
  if (node.inputs.size() != 2) return std::nullopt;
  if (node.is({"tf/Mul"})) {
    for (size_t i = 0; i < 2; ++i) {
      if (const auto factor = peel.constant(node.inputs[i])) return only(node.inputs[1 - i], *factor);
    }
  }
  if (node.is({"tf/RealDiv", "tf/Div", "tf/DivNoNan"})) {
    const auto divisor = peel.constant(node.inputs[1]);
    if (divisor && *divisor != 0) return only(node.inputs[0], 1 / *divisor);
  }
  return std::nullopt;
}

std::optional<Reduction> read_reduction(const Graph& graph, Edge edge, const Registry& registry) {
  const Peel peel(graph, registry);
  auto out = peel.reduction(edge);
  if (out) peel.unwrap(*out);
  return out;
}

bool sums_all(const Graph& graph, Edge edge, size_t rank, const Registry& registry) {
  const Node& node = graph.at(edge.node);
  if (node.inputs.size() == 1) return true;
  const auto axes = node.inputs.size() == 2 ? ir::constant_ints(graph, behind(graph, node.inputs[1], registry)) : std::nullopt;
  if (!axes) return false;
  std::set<int64_t> all;
  for (const int64_t axis : *axes) all.insert(axis < 0 ? axis + static_cast<int64_t>(rank) : axis);
  return all.size() == rank && (rank == 0 || (*all.begin() == 0 && *all.rbegin() + 1 == static_cast<int64_t>(rank)));
}

std::optional<Edge> before_reshape(const Graph& graph, Edge edge, bool keeps_last) {
  const Node& node = graph.at(edge.node);
  if (!node.is({"tf/Reshape", "tf/Squeeze", "tf/ExpandDims"}) || node.inputs.empty()) return std::nullopt;
  const Shape before = graph.type(node.inputs[0]).shape, after = graph.type(edge).shape;
  const auto last = [](const Shape& shape) {
    return shape.has_rank() && shape.rank() > 0 && shape.dims().back().known() ? shape.dims().back().value() : -1;
  };
  if (keeps_last && last(after) >= 0 && last(before) != last(after)) return std::nullopt;
  return node.inputs[0];
}

std::vector<Edge> before_reshapes(const Graph& graph, Edge edge, bool keeps_last, const Registry& registry) {
  std::vector<Edge> out{edge};
  while (const auto before = before_reshape(graph, out.back(), keeps_last)) out.push_back(behind(graph, *before, registry));
  return out;
}

}  // namespace keraft::training
