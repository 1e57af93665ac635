#include "cards/attention.h"

#include <algorithm>
#include <cmath>

#include "ir/constant.h"

namespace keraft::cards {
namespace {

std::optional<double> number(const Graph& graph, Edge edge) {
  const auto value = ir::scalar(graph, edge);
  return value ? value->number() : std::nullopt;
}

bool is_weight(const Graph& graph, Edge edge) { return graph.at(edge.node).op == "ir/Weight" && !ir::is_constant(graph, edge); }

/// What a mask lets through.
enum class Mask { all, causal };

Dims without_ones(const Shape& shape) {
  Dims out;
  for (const Dim& dim : shape.dims()) {
    if (!dim.is(1)) out.push_back(dim);
  }
  return out;
}

/// Ones on and below the diagonal of the only matrix, zeros above.
bool lower_triangle(const Tensor& tensor, const std::function<double(double)>& allowed) {
  if (tensor.dims.size() < 2 || tensor.elements() > (1 << 20)) return false;
  const auto rows = static_cast<size_t>(tensor.dims[tensor.dims.size() - 2]), columns = static_cast<size_t>(tensor.dims.back());
  if (rows * columns != static_cast<size_t>(tensor.elements())) return false;
  const auto values = to_doubles(tensor);
  for (size_t i = 0; i < values.size(); ++i) {
    if (allowed(values[i]) != (i % columns <= i / columns ? 1.0 : 0.0)) return false;
  }
  return true;
}

class MaskReader {
 public:
  MaskReader(const Graph& graph, std::vector<NodeId>& nodes) : graph_(graph), nodes_(nodes) {}

  std::optional<Mask> read(Edge edge, int depth = 0) {
    if (depth > 24) return std::nullopt;
    const Node& node = graph_.at(edge.node);
    if (const Tensor* tensor = ir::constant(graph_, edge)) return constant(*tensor);
    if (node.layer >= 0 || node.inputs.empty()) return std::nullopt;
    nodes_.push_back(edge.node);
    if (node.is({"tf/OnesLike"})) return Mask::all;
    if (node.is({"tf/Fill"}))
      return number(graph_, node.inputs.at(1)) == 1.0 || truth(node.inputs.at(1)) ? std::optional(Mask::all) : std::nullopt;
    if (node.is({"tf/Cast", "tf/Reshape", "tf/ExpandDims", "tf/Squeeze", "tf/Identity"}))
      return read(node.inputs[0], depth + 1);
    if (node.is({"tf/StridedSlice", "tf/BroadcastTo", "tf/Tile"}))
      return same_sizes(edge, node) ? read(node.inputs[0], depth + 1) : std::nullopt;
    if (node.is({"tf/LogicalAnd", "tf/BitwiseAnd", "tf/Mul"}) && node.inputs.size() == 2) return both(node, depth);
    if (node.is({"tf/MatrixBandPart"}) && node.inputs.size() == 3) return band(node, depth);
    if (node.is({"tf/GreaterEqual"}) && node.inputs.size() == 2) return compared(node, depth);
    return std::nullopt;
  }

  /// What a mask lets through that is true where nothing passes.
  std::optional<Mask> read_inverse(Edge edge) {
    const auto inverse = [](double v) { return 1 - v; };
    for (int depth = 0; depth < 16; ++depth) {
      if (const Tensor* tensor = ir::constant(graph_, edge))
        return tensor->dtype == DType::boolean && lower_triangle(*tensor, inverse) ? std::optional(Mask::causal) : std::nullopt;
      const Node& node = graph_.at(edge.node);
      if (node.layer >= 0 || node.inputs.empty()) return std::nullopt;
      nodes_.push_back(edge.node);
      if (node.op == "tf/LogicalNot") return read(node.inputs[0], depth);
      if (!node.is({"tf/Cast", "tf/Reshape", "tf/ExpandDims"})) return std::nullopt;
      edge = node.inputs[0];
    }
    return std::nullopt;
  }

 private:
  bool truth(Edge edge) const {
    const auto value = ir::scalar(graph_, edge);
    return value && *value == Value(true);
  }

  std::optional<Mask> constant(const Tensor& tensor) {
    if (!(tensor.dtype == DType::boolean || is_integer(tensor.dtype) || is_floating(tensor.dtype)) || tensor.elements() < 1 ||
        tensor.elements() > (1 << 20))
      return std::nullopt;
    const auto values = to_doubles(tensor);
    if (std::all_of(values.begin(), values.end(), [](double v) { return v == 1; })) return Mask::all;
    return lower_triangle(tensor, [](double v) { return v; }) ? std::optional(Mask::causal) : std::nullopt;
  }

  bool same_sizes(Edge edge, const Node& node) const {
    const Shape a = graph_.type(node.inputs[0]).shape, b = graph_.type(edge).shape;
    return a.has_rank() && b.has_rank() && without_ones(a) == without_ones(b);
  }

  std::optional<Mask> both(const Node& node, int depth) {
    const auto a = read(node.inputs[0], depth + 1), b = a ? read(node.inputs[1], depth + 1) : std::nullopt;
    if (!b) return std::nullopt;
    return *a == Mask::causal || *b == Mask::causal ? Mask::causal : Mask::all;
  }

  std::optional<Mask> band(const Node& node, int depth) {
    const auto ones = read(node.inputs[0], depth + 1);
    const bool lower = number(graph_, node.inputs[1]) == -1.0 && number(graph_, node.inputs[2]) == 0.0;
    return ones == Mask::all && lower ? std::optional(Mask::causal) : std::nullopt;
  }

  /// The axis, counted from the end, along which a tensor counts 1, 2, 3, …
  std::optional<int64_t> counts(Edge edge, int depth) {
    const Node& node = graph_.at(edge.node);
    if (!node.is({"tf/Cumsum"}) || node.inputs.size() != 2) return std::nullopt;
    for (const char* flag : {"exclusive", "reverse"}) {
      const auto found = node.attrs.find(flag);
      if (found != node.attrs.end() && found->second == Value(true)) return std::nullopt;
    }
    const auto axis = number(graph_, node.inputs[1]);
    const Shape shape = graph_.type(node.inputs[0]).shape;
    if (!axis || !shape.has_rank() || read(node.inputs[0], depth + 1) != Mask::all) return std::nullopt;
    nodes_.push_back(edge.node);
    const auto at = static_cast<int64_t>(*axis);
    return at < 0 ? at : at - static_cast<int64_t>(shape.rank());
  }

  std::optional<Mask> compared(const Node& node, int depth) {
    const auto rows = counts(node.inputs[0], depth), columns = counts(node.inputs[1], depth);
    return rows == -2 && columns == -1 ? std::optional(Mask::causal) : std::nullopt;
  }

  const Graph& graph_;
  std::vector<NodeId>& nodes_;
};

/// (1 − mask) · −large, or mask · large − large.
std::optional<Mask> additive_mask(const Graph& graph, Edge edge, std::vector<NodeId>& nodes) {
  if (const Tensor* tensor = ir::constant(graph, edge)) {
    const auto allowed = [](double v) { return v == 0 ? 1.0 : v <= -1e8 ? 0.0 : 0.5; };
    return is_floating(tensor->dtype) && lower_triangle(*tensor, allowed) ? std::optional(Mask::causal) : std::nullopt;
  }
  const Node& product = graph.at(edge.node);
  if (!product.is({"tf/Mul"}) || product.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    const auto large = number(graph, product.inputs[i]);
    const Node& inverse = graph.at(product.inputs[1 - i].node);
    if (!large || *large > -1e8 || !inverse.is({"tf/Sub"}) || number(graph, inverse.inputs.at(0)) != 1.0) continue;
    nodes.insert(nodes.end(), {edge.node, product.inputs[1 - i].node});
    return MaskReader(graph, nodes).read(inverse.inputs.at(1));
  }
  return std::nullopt;
}

/// −large · (1 where masked), taken away.
std::optional<Mask> subtracted_mask(const Graph& graph, Edge edge, std::vector<NodeId>& nodes) {
  const Node& product = graph.at(edge.node);
  if (!product.is({"tf/Mul"}) || product.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    const auto large = number(graph, product.inputs[i]);
    if (!large || *large < 1e8) continue;
    nodes.push_back(edge.node);
    return MaskReader(graph, nodes).read_inverse(product.inputs[1 - i]);
  }
  return std::nullopt;
}

/// Is `low` the value at `edge` less something large?
bool lowers(const Graph& graph, Edge low, Edge edge) {
  const Node& node = graph.at(low.node);
  if (!node.is({"tf/Sub", "tf/AddV2", "tf/Add"}) || node.inputs.size() != 2 || node.inputs[0] != edge) return false;
  const auto large = number(graph, node.inputs[1]);
  return large && (node.op == "tf/Sub" ? *large : -*large) > 1e8;
}

std::optional<AtomLayout> scores(Attended& out, Edge edge, const Side& side, int depth) {
  if (depth > 12) return std::nullopt;
  const Graph& graph = out.axes.graph();
  const Moved moved = behind_moves(graph, edge);
  const NodeId id = moved.base.node;
  const Node& node = graph.at(id);
  if (node.layer >= 0 || node.dead || moved.base.port != 0) return std::nullopt;
  out.nodes.insert(out.nodes.end(), moved.chain.begin(), moved.chain.end());
  out.nodes.push_back(id);
  std::optional<AtomLayout> layout;
  if (multiplies(node)) {
    auto found = product(
        out.axes, id, [&](Edge e) { return side(out, e, 0); }, [&](Edge e) { return side(out, e, 1); });
    if (!found) return std::nullopt;
    out.scores = std::move(*found);
    layout = out.scores.out;
  } else if (node.is({"tf/Mul", "tf/RealDiv"}) && node.inputs.size() == 2) {
    const bool divides = node.op == "tf/RealDiv";
    for (size_t i = 0; i < 2 && !layout; ++i) {
      const auto factor = number(graph, node.inputs[i]);
      if (factor && *factor != 0 && !(divides && i == 0)) {
        out.scale *= divides ? 1 / *factor : *factor;
        layout = scores(out, node.inputs[1 - i], side, depth + 1);
        if (!layout) return std::nullopt;
      } else if (!divides && !out.scale_weight && is_weight(graph, node.inputs[i])) {
        const Weight& weight = graph.weights.at(static_cast<size_t>(graph.at(node.inputs[i].node).weight));
        if (weight.value.elements() != 1) return std::nullopt;
        out.scale_weight = WeightUse{graph.root(graph.at(node.inputs[i].node).weight),
                                     reshaped(weight.value, {}),
                                     weight.value.dims,
                                     graph.type(node.inputs[i]).dtype,
                                     id,
                                     static_cast<int32_t>(i)};
        layout = scores(out, node.inputs[1 - i], side, depth + 1);
        if (!layout) return std::nullopt;
      }
    }
  } else if (node.is({"tf/SelectV2"}) && node.inputs.size() == 3 && !out.causal) {
    const auto large = number(graph, node.inputs[2]);
    const bool lowered = !large && lowers(graph, node.inputs[1], node.inputs[2]);
    MaskReader reader(graph, out.nodes);
    const auto mask = large && *large < -1e8 ? reader.read(node.inputs[0])
                      : lowered              ? reader.read_inverse(node.inputs[0])
                                             : std::nullopt;
    if (!mask) return std::nullopt;
    if (lowered) out.nodes.push_back(node.inputs[1].node);
    out.causal = *mask == Mask::causal;
    layout = scores(out, node.inputs[lowered ? 2 : 1], side, depth + 1);
  } else if (node.is({"tf/Sub"}) && node.inputs.size() == 2 && !out.causal) {
    const auto mask = subtracted_mask(graph, node.inputs[1], out.nodes);
    if (!mask) return std::nullopt;
    out.causal = *mask == Mask::causal;
    layout = scores(out, node.inputs[0], side, depth + 1);
  } else if (node.is({"tf/Add", "tf/AddV2"}) && node.inputs.size() == 2 && !out.causal) {
    for (size_t i = 0; i < 2 && !layout; ++i) {
      const auto mask = additive_mask(graph, node.inputs[i], out.nodes);
      if (!mask) continue;
      out.causal = *mask == Mask::causal;
      layout = scores(out, node.inputs[1 - i], side, depth + 1);
      if (!layout) return std::nullopt;
    }
  } else {
    out.nodes.pop_back();
    layout = side(out, moved.base, 3);
  }
  return layout ? replay(out.axes, moved, std::move(*layout)) : std::nullopt;
}

std::optional<AtomLayout> probabilities(Attended& out, Edge edge, const Side& side, int depth = 0) {
  const Graph& graph = out.axes.graph();
  const Moved moved = behind_moves(graph, edge);
  const NodeId id = moved.base.node;
  const Node& node = graph.at(id);
  if (depth > 4 || node.layer >= 0 || node.dead || !node.is({"ir/Dropout", "tf/Softmax", "tf/SelectV2"})) return std::nullopt;
  out.nodes.insert(out.nodes.end(), moved.chain.begin(), moved.chain.end());
  out.nodes.push_back(id);
  std::optional<AtomLayout> layout;
  if (node.op == "tf/Softmax") {
    layout = scores(out, node.inputs.at(0), side, 0);
    if (layout && layout->empty()) return std::nullopt;
    if (layout) out.softmax = layout->back();
  } else if (node.op == "tf/SelectV2") {
    // What is masked becomes 0, which it is already.
    const auto mask =
        number(graph, node.inputs.at(2)) == 0.0 ? MaskReader(graph, out.nodes).read(node.inputs[0]) : std::nullopt;
    if (!mask) return std::nullopt;
    layout = probabilities(out, node.inputs[1], side, depth + 1);
    if (*mask == Mask::causal && !out.causal) return std::nullopt;
  } else {
    const auto rate = node.attrs.find("rate");
    if (out.dropout != 0 || rate == node.attrs.end() || !rate->second.number()) return std::nullopt;
    out.dropout = *rate->second.number();
    layout = probabilities(out, node.inputs.at(0), side, depth + 1);
  }
  return layout ? replay(out.axes, moved, std::move(*layout)) : std::nullopt;
}

}  // namespace

std::optional<AtomLayout> attended(Attended& out, Edge edge, const Side& side) {
  const Moved moved = behind_moves(out.axes.graph(), edge);
  if (!multiplies(out.axes.graph().at(moved.base.node)) || moved.base.port != 0) return std::nullopt;
  for (const bool first : {true, false}) {
    Attended attempt = out;
    attempt.nodes.insert(attempt.nodes.end(), moved.chain.begin(), moved.chain.end());
    attempt.nodes.push_back(moved.base.node);
    const LaidOut weights = [&](Edge e) { return probabilities(attempt, e, side); };
    const LaidOut value = [&](Edge e) { return side(attempt, e, 2); };
    auto found = product(attempt.axes, moved.base.node, first ? weights : value, first ? value : weights);
    if (!found) continue;
    auto layout = replay(attempt.axes, moved, found->out);
    if (!layout) continue;
    attempt.context = std::move(*found);
    out = std::move(attempt);
    return layout;
  }
  return std::nullopt;
}

bool is_root_scale(double scale, const Dim& size) {
  return size.known() && size.value() > 0 && std::abs(scale * std::sqrt(static_cast<double>(size.value())) - 1) < 1e-6;
}

Edge lower_probabilities(LowerContext& c, Edge scores, size_t axes) {
  const TensorType type = c.type(scores);
  if (c.argument("use_causal_mask") == Value(true)) {
    const auto number = [&](int64_t n) { return c.constant(make_tensor<int64_t>(DType::i64, {}, std::span(&n, 1))); };
    const Edge lower = c.op("MatrixBandPart", {c.op("OnesLike", {scores}), number(-1), number(0)});
    const Edge mask = c.op("Cast", {lower}, {{"SrcT", type.dtype}, {"DstT", DType::boolean}});
    scores = c.op("SelectV2", {mask, scores, real(c, -1e9, type.dtype)});
  }
  const auto reshape = [&](Edge x, const Dims& dims) {
    std::vector<int32_t> sizes;
    for (const Dim& dim : dims) sizes.push_back(dim.known() ? static_cast<int32_t>(dim.value()) : -1);
    if (std::count(sizes.begin(), sizes.end(), -1) > 1) c.fail("several axes of unknown size");
    return c.op("Reshape", {x, c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(sizes.size())}, sizes))});
  };
  if (axes > 1) {
    Dims merged = type.shape.dims();
    for (size_t i = 1; i < axes; ++i) {
      merged[merged.size() - 2] = merged[merged.size() - 2] * merged.back();
      merged.pop_back();
    }
    scores = reshape(scores, merged);
  }
  Edge weights = c.op("Softmax", {scores});
  if (axes > 1) weights = reshape(weights, type.shape.dims());
  const auto rate = c.config("dropout").number();
  return rate.value_or(0) > 0 ? c.op("ir/Dropout", {weights}, {{"rate", *rate}}) : weights;
}

Edge einsum(LowerContext& c, Edge a, Edge b, const std::string& equation) {
  return c.op("Einsum", {a, b}, {{"equation", equation}, {"N", 2}});
}

Edge projected(LowerContext& c, const std::string& part, Edge x, const std::string& equation) {
  const Edge y = einsum(c, x, c.weight(part + "_kernel"), equation);
  return c.config("use_bias") == Value(true) ? c.op("AddV2", {y, c.weight(part + "_bias")}) : y;
}

Edge real(LowerContext& c, double value, DType dtype) {
  if (dtype == DType::f64) return c.constant(make_tensor<double>(dtype, {}, std::span(&value, 1)));
  const auto narrow = static_cast<float>(value);
  return c.constant(make_tensor<float>(DType::f32, {}, std::span(&narrow, 1)));
}

}  // namespace keraft::cards
