#include "cards/normalised.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "cards/axes.h"
#include "cards/constants.h"
#include "ir/constant.h"

namespace keraft::cards {
namespace {

constexpr size_t most_terms = 16;
constexpr int deepest = 12;

bool near(double a, double b) { return std::abs(a - b) <= 1e-6; }

/// factor · x^x · mean^m · (variance + epsilon)^(-r/2) · weights
struct Term {
  double factor = 1;
  int x = 0, m = 0, r = 0;
  std::vector<Edge> weights;
  bool like(const Term& other) const { return x == other.x && m == other.m && r == other.r && weights == other.weights; }
};
using Sum = std::vector<Term>;

/// Mean and variance over axes of x, computed in the graph.
struct Moments {
  Edge x, mean;  ///< mean: no_node for the mean square
  std::vector<int64_t> axes;
};

/// Mean over axes that stay as 1.
std::optional<std::pair<Edge, std::vector<int64_t>>> mean_of(const GraphView& v, Edge edge) {
  const Node* node = v.is(edge, "Mean");
  if (!node || node->inputs.size() != 2) return std::nullopt;
  const auto keep = node->attrs.find("keep_dims");
  const auto axes = ir::constant_ints(v.graph(), node->inputs[1]);
  const Shape shape = v.shape(node->inputs[0]);
  if (keep == node->attrs.end() || !(keep->second == Value(true)) || !axes || !shape.has_rank()) return std::nullopt;
  const auto tidy = axes_from_start(*axes, shape.rank());
  return tidy ? std::optional(std::pair(node->inputs[0], *tidy)) : std::nullopt;
}

std::optional<Moments> moments(GraphView& v, Edge variance) {
  v.take(variance);
  if (const Node* sub = v.is(variance, "Sub")) {  // mean(x²) − mean(x)²
    const auto square_mean = mean_of(v, sub->inputs[0]);
    const Node* square = square_mean ? v.is(square_mean->first, "Square") : nullptr;
    const Node* mean_square = v.is(sub->inputs[1], "Square");
    const auto mean = mean_square ? mean_of(v, mean_square->inputs[0]) : std::nullopt;
    if (!square || !mean || mean->first != square->inputs[0] || mean->second != square_mean->second) return std::nullopt;
    for (const Edge edge : {sub->inputs[0], square_mean->first, sub->inputs[1], mean_square->inputs[0]}) v.take(edge);
    return Moments{mean->first, mean_square->inputs[0], mean->second};
  }
  const auto outer = mean_of(v, variance);
  if (!outer) return std::nullopt;
  v.take(outer->first);
  const Node* squared = v.is(outer->first, "SquaredDifference");
  if (const Node* square = squared ? nullptr : v.is(outer->first, "Square")) {
    squared = v.is(square->inputs[0], "Sub");
    if (!squared || !mean_of(v, squared->inputs[1])) return Moments{square->inputs[0], {}, outer->second};
    v.take(square->inputs[0]);
  }
  if (!squared) return std::nullopt;
  for (const size_t i : {size_t{1}, size_t{0}}) {
    const auto mean = mean_of(v, squared->inputs[i]);
    if (!mean || mean->first != squared->inputs[1 - i] || mean->second != outer->second) continue;
    v.take(squared->inputs[i]);
    return Moments{mean->first, squared->inputs[i], mean->second};
  }
  return std::nullopt;
}

bool filled(const GraphView& v, Edge edge, double value) {
  if (const Node* fill = v.is(edge, "Fill")) return v.number(fill->inputs[1]) == value;
  return ir::filled_with(v.graph(), edge, [&](double number) { return number == value; });
}

/// Keras 2's layer norm: a batch norm in training over rows, "reshaped" being its result in the shape of x.
std::optional<Moments> fused_rows(GraphView& v, Edge reshaped, double& epsilon) {
  const Node* back = v.is(reshaped, "Reshape");
  const Node* norm = nullptr;
  for (const char* op : {"FusedBatchNormV3", "FusedBatchNormV2", "FusedBatchNorm"}) {
    if (back && !norm) norm = v.is(back->inputs[0], op);
  }
  const Node* forth = norm ? v.is(norm->inputs[0], "Reshape") : nullptr;
  if (!forth || !filled(v, norm->inputs[1], 1) || !filled(v, norm->inputs[2], 0)) return std::nullopt;
  const auto attr = [&](const char* name) {
    const auto found = norm->attrs.find(name);
    return found == norm->attrs.end() ? Value() : found->second;
  };
  if (attr("is_training") == Value(false) || !(attr("data_format") == Value("NCHW"))) return std::nullopt;
  epsilon = attr("epsilon").number().value_or(1e-4);
  const Shape x = v.shape(forth->inputs[0]), rows = v.shape(back->inputs[0]);
  if (!x.has_rank() || !rows.has_rank() || rows.rank() != 4 || !(v.shape(reshaped) == x) || !rows[0].is(1) || !rows[3].is(1))
    return std::nullopt;
  Dim inner = 1;
  Moments out{forth->inputs[0], reshaped, {}};
  for (size_t axis = x.rank(); axis-- > 1;) {
    inner = inner * x[axis];
    out.axes.insert(out.axes.begin(), static_cast<int64_t>(axis));
    if (!(inner == rows[2])) continue;
    for (const Edge edge : {reshaped, back->inputs[0], norm->inputs[0]}) v.take(edge);
    return out;
  }
  return std::nullopt;
}

std::optional<Normalised> search(const Graph& graph, NodeId root, bool groups);

/// Reshaped, normalised without gamma and beta, and reshaped back.
std::optional<Normalised> grouped_rows(const GraphView& v, Edge reshaped) {
  const Node* back = v.is(reshaped, "Reshape");
  auto out = back ? search(v.graph(), back->inputs[0].node, false) : std::nullopt;
  const Node* forth = out && !out->axes.empty() && out->centred ? v.is(out->x, "Reshape") : nullptr;
  if (!forth || there(out->gamma) || there(out->beta) || !(v.shape(reshaped) == v.shape(forth->inputs[0]))) return std::nullopt;
  out->grouped = out->x;
  out->x = forth->inputs[0];
  out->nodes.insert(out->nodes.begin(), reshaped.node);
  out->nodes.push_back(out->grouped.node);
  return out;
}

/// Expands arithmetic into a sum of terms.
class Expansion {
 public:
  Expansion(const Graph& graph, Edge variance, double epsilon, Edge mean, Edge fused)
      : view(graph), variance_(variance), epsilon_(epsilon), mean_(mean), fused_(fused) {}

  std::optional<Sum> of(Edge edge, Edge x, int depth = 0) {
    if (edge == x) return Sum{{1, 1, 0, 0, {}}};
    if (there(fused_) && edge == fused_) return Sum{{1, 1, 0, 1, {}}, {-1, 0, 1, 1, {}}};
    if (there(mean_) && edge == mean_) return Sum{{1, 0, 1, 0, {}}};
    if (const auto number = view.number(edge); number && view.shape(edge).rank() == 0) return Sum{{*number, 0, 0, 0, {}}};
    if (view.weight(edge)) return Sum{{1, 0, 0, 0, {same(edge)}}};
    if (depth > deepest) return std::nullopt;
    const auto operand = [&](const Node* node, size_t i) { return of(node->inputs[i], x, depth + 1); };
    view.take(edge);
    if (const Node* node = view.is(edge, "Add")) return added(operand(node, 0), operand(node, 1), 1);
    if (const Node* node = view.is(edge, "AddN")) {
      std::optional<Sum> sum = Sum{};
      for (size_t i = 0; i < node->inputs.size() && sum; ++i) sum = added(std::move(sum), operand(node, i), 1);
      return sum;
    }
    if (const Node* node = view.is(edge, "BiasAdd")) return added(operand(node, 0), operand(node, 1), 1);
    if (const Node* node = view.is(edge, "Sub")) return added(operand(node, 0), operand(node, 1), -1);
    if (const Node* node = view.is(edge, "Neg")) return added(Sum{}, operand(node, 0), -1);
    if (const Node* node = view.is(edge, "Mul")) return multiplied(operand(node, 0), operand(node, 1));
    if (const Node* node = view.is(edge, "RealDiv")) return multiplied(operand(node, 0), inverted(operand(node, 1)));
    if (const Node* node = view.is(edge, "Reciprocal")) return inverted(operand(node, 0));
    for (const char* op : {"Rsqrt", "Sqrt"}) {
      const Node* root = view.is(edge, op);
      const Node* add = root ? view.is(root->inputs[0], "Add") : nullptr;
      const auto sum = add ? view.with_number(*add) : std::nullopt;
      if (!sum || sum->second != variance_ || !near(sum->first / epsilon_, 1)) continue;
      view.take(root->inputs[0]);
      return Sum{{1, 0, 0, *op == 'R' ? 1 : -1, {}}};
    }
    return std::nullopt;
  }

  GraphView view;

 private:
  /// The first weight seen that is the same variable in the same sizes.
  Edge same(Edge edge) {
    const Graph& graph = view.graph();
    const auto root = [&](Edge e) { return graph.root(graph.at(e.node).weight); };
    const auto known = std::find_if(weights_.begin(), weights_.end(),
                                    [&](Edge e) { return root(e) == root(edge) && graph.type(e) == graph.type(edge); });
    if (known != weights_.end()) return *known;
    weights_.push_back(edge);
    return edge;
  }

  static std::optional<Sum> added(std::optional<Sum> a, const std::optional<Sum>& b, double sign) {
    if (!a || !b) return std::nullopt;
    for (Term term : *b) {
      term.factor *= sign;
      const auto known = std::find_if(a->begin(), a->end(), [&](const Term& t) { return t.like(term); });
      if (known == a->end()) {
        a->push_back(term);
      } else {
        known->factor += term.factor;
      }
    }
    return a->size() > most_terms ? std::nullopt : a;
  }

  static std::optional<Sum> multiplied(const std::optional<Sum>& a, const std::optional<Sum>& b) {
    if (!a || !b || a->size() * b->size() > most_terms) return std::nullopt;
    std::optional<Sum> out = Sum{};
    for (const Term& s : *a) {
      for (const Term& t : *b) {
        Term term{s.factor * t.factor, s.x + t.x, s.m + t.m, s.r + t.r, s.weights};
        term.weights.insert(term.weights.end(), t.weights.begin(), t.weights.end());
        std::sort(term.weights.begin(), term.weights.end());
        out = added(std::move(out), Sum{term}, 1);
        if (!out) return out;
      }
    }
    return out;
  }

  static std::optional<Sum> inverted(std::optional<Sum> a) {
    if (!a || a->size() != 1) return std::nullopt;
    Term& only = a->front();
    if (only.x || only.m || !only.weights.empty() || only.factor == 0) return std::nullopt;
    only.r = -only.r;
    only.factor = 1 / only.factor;
    return a;
  }

  Edge variance_;
  double epsilon_;
  Edge mean_, fused_;
  std::vector<Edge> weights_;
};

/// Reads mean, gamma and beta off the terms; false when they say something else.
bool read_terms(const Sum& sum, Normalised& out) {
  const bool weights = out.axes.empty();
  const Term *scaled = nullptr, *shift = nullptr, *free = nullptr;
  for (const Term& term : sum) {
    if (near(term.factor, 0)) continue;
    const Term*& place = term.x == 1 ? scaled : term.r == 1 ? shift : free;
    if (place || term.x > 1) return false;
    place = &term;
  }
  if (!scaled || !near(scaled->factor, 1) || scaled->m != 0 || scaled->r != 1 || scaled->weights.size() > 1) return false;
  if (!scaled->weights.empty()) out.gamma = scaled->weights.front();
  if (bool(shift) != (weights || out.centred)) return false;
  if (shift) {
    if (!near(shift->factor, -1) || shift->m != (weights ? 0 : 1)) return false;
    std::vector<Edge> others = shift->weights;
    if (there(out.gamma)) {
      const auto gamma = std::find(others.begin(), others.end(), out.gamma);
      if (gamma == others.end()) return false;
      others.erase(gamma);
    }
    if (others.size() != (weights ? 1 : 0)) return false;
    if (weights) out.mean = others.front();
  }
  if (!free) return true;
  if (!near(free->factor, 1) || free->m != 0 || free->r != 0 || free->weights.size() != 1) return false;
  out.beta = free->weights.front();
  return true;
}

bool arithmetic(const GraphView& v, Edge edge) {
  for (const char* op : {"Add", "AddN", "BiasAdd", "Sub", "Neg", "Mul", "RealDiv", "Reciprocal"}) {
    if (v.is(edge, op)) return true;
  }
  return false;
}

/// What is normalised by weights is found on the way from the result: the operands that are no weights.
std::vector<Edge> candidates(const GraphView& v, Edge root) {
  std::vector<Edge> out;
  std::deque<std::pair<Edge, int>> open{{root, 0}};
  while (!open.empty() && out.size() < 32) {
    const auto [edge, depth] = open.front();
    open.pop_front();
    if (!arithmetic(v, edge) || depth > 6) continue;
    for (const Edge input : v.graph().at(edge.node).inputs) {
      if (v.weight(input) || v.number(input)) continue;
      out.push_back(input);
      open.emplace_back(input, depth + 1);
    }
  }
  return out;
}

std::optional<Normalised> search(const Graph& graph, NodeId root, bool groups) {
  const GraphView v(graph);
  Edge variance, fused;
  double epsilon = 0;
  std::deque<std::pair<Edge, int>> open{{Edge{root, 0}, 0}};
  std::optional<Moments> found;
  std::optional<Normalised> grouped;
  GraphView inner(graph);
  for (size_t seen = 0; !open.empty() && seen < 64 && !there(variance) && !there(fused); ++seen) {
    const auto [edge, depth] = open.front();
    open.pop_front();
    for (const char* op : {"Rsqrt", "Sqrt"}) {
      const Node* node = v.is(edge, op);
      const Node* add = node ? v.is(node->inputs[0], "Add") : nullptr;
      const auto sum = add ? v.with_number(*add) : std::nullopt;
      if (!sum || sum->first <= 0) continue;
      variance = sum->second;
      epsilon = sum->first;
    }
    if (v.is(edge, "Reshape") && (found = fused_rows(inner, edge, epsilon))) fused = edge;
    if (groups && !there(fused) && (grouped = grouped_rows(v, edge))) {
      fused = edge;
      epsilon = grouped->epsilon;
      found = Moments{grouped->x, edge, grouped->axes};
      for (const NodeId id : grouped->nodes) inner.take({id, 0});
    }
    if (!arithmetic(v, edge) || depth > 8) continue;
    for (const Edge input : graph.at(edge.node).inputs) open.emplace_back(input, depth + 1);
  }
  if (!there(variance) && !there(fused)) return std::nullopt;
  Normalised out;
  out.epsilon = epsilon;
  std::vector<Edge> xs;
  if (there(variance) && v.weight(variance)) {
    out.variance = variance;
    xs = candidates(v, {root, 0});
  } else {
    if (!found) found = moments(inner, variance);
    if (!found) return std::nullopt;
    out.axes = found->axes;
    out.centred = there(found->mean);
    if (grouped) out.grouped = grouped->grouped;
    xs = {found->x};
  }
  for (const Edge x : xs) {
    Expansion expansion(graph, variance, epsilon, found && !there(fused) ? found->mean : Edge{}, fused);
    const auto sum = expansion.of({root, 0}, x);
    Normalised whole = out;
    if (!sum || !read_terms(*sum, whole)) continue;
    whole.x = x;
    if (there(fused)) expansion.view.take(fused);
    expansion.view.take_all(inner);
    whole.nodes = expansion.view.taken();
    return whole;
  }
  return std::nullopt;
}

std::vector<int64_t> aligned(const Graph& graph, Edge weight, size_t rank) {
  std::vector<int64_t> dims = graph.weights.at(static_cast<size_t>(graph.at(weight.node).weight)).value.dims;
  if (dims.size() > rank) return {};
  dims.insert(dims.begin(), rank - dims.size(), 1);
  return dims;
}

}  // namespace

std::optional<Normalised> normalised(const Graph& graph, NodeId root) { return search(graph, root, true); }

std::optional<size_t> common_axis(const Graph& graph, const Shape& x, const std::vector<Edge>& weights) {
  if (!x.has_rank() || x.rank() < 2) return std::nullopt;
  std::optional<size_t> axis;
  for (const Edge weight : weights) {
    if (!there(weight)) continue;
    const auto dims = aligned(graph, weight, x.rank());
    for (size_t i = 0; i < dims.size(); ++i) {
      if (dims[i] == 1) continue;
      if (axis && *axis != i) return std::nullopt;
      axis = i;
    }
    if (dims.empty()) return std::nullopt;
  }
  if (axis == 0U) return std::nullopt;
  return axis ? *axis : x.rank() - 1;
}

std::optional<Tensor> along(const Graph& graph, Edge weight, const Shape& x, const std::vector<int64_t>& axes) {
  const Tensor& value = graph.weights.at(static_cast<size_t>(graph.at(weight.node).weight)).value;
  const auto dims = aligned(graph, weight, x.rank());
  std::vector<int64_t> kept, sizes;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (std::find(axes.begin(), axes.end(), static_cast<int64_t>(i)) == axes.end()) {
      if (dims[i] != 1) return std::nullopt;
      continue;
    }
    if (!x[i].known() || (dims[i] != 1 && !x[i].is(dims[i]))) return std::nullopt;
    kept.push_back(dims[i]);
    sizes.push_back(x[i].value());
  }
  if (kept.size() != axes.size()) return std::nullopt;
  return broadcast_tensor(reshaped(value, kept), sizes);
}

bool bind_along(Match& m, const Graph& graph, const std::string& slot, Edge weight, const Shape& x,
                const std::vector<int64_t>& axes) {
  auto value = along(graph, weight, x, axes);
  if (!value) return false;
  for (const NodeId id : m.nodes) {
    const auto& inputs = graph.at(id).inputs;
    if (std::find(inputs.begin(), inputs.end(), weight) == inputs.end()) continue;
    m.weights[slot] = weight_use(graph, weight, {id, 0}, *value);
    return true;
  }
  return false;
}

Edge normalise(LowerContext& c, Edge x, const std::vector<int64_t>& axes, bool centred, Edge gamma, Edge beta) {
  const Edge over = int_constant(c, axes);
  const auto mean_over = [&](Edge value) { return c.op("Mean", {value, over}, {{"keep_dims", true}}); };
  const Edge mean = centred ? mean_over(x) : Edge{};
  const Edge variance = mean_over(centred ? c.op("SquaredDifference", {x, mean}) : c.op("Square", {x}));
  const double epsilon = c.config("epsilon").number().value_or(0);
  Edge inverse = c.op("Rsqrt", {c.op("AddV2", {variance, real_constant(c, epsilon, x)})});
  if (there(gamma)) inverse = c.op("Mul", {inverse, gamma});
  const Edge scaled = c.op("Mul", {x, inverse});
  if (!centred) return there(beta) ? c.op("AddV2", {scaled, beta}) : scaled;
  const Edge shift =
      there(beta) ? c.op("Sub", {beta, c.op("Mul", {mean, inverse})}) : c.op("Mul", {c.op("Neg", {mean}), inverse});
  return c.op("AddV2", {scaled, shift});
}

Edge weight_along(LowerContext& c, const std::string& slot, const std::string& when, const Shape& shape,
                  const std::vector<int64_t>& axes) {
  if (!when.empty() && !(c.config(when) == Value(true))) return {};
  const Edge weight = c.weight(slot);
  std::vector<int64_t> dims(shape.rank(), 1);
  const auto sizes = c.type(weight).shape.values();
  if (sizes.size() != axes.size()) c.fail(slot + " has " + std::to_string(sizes.size()) + " axes");
  for (size_t i = 0; i < axes.size(); ++i) dims[static_cast<size_t>(axes[i])] = sizes[i];
  if (axes.size() == 1 && axes[0] + 1 == static_cast<int64_t>(shape.rank())) return weight;
  return c.op("Reshape", {weight, int_constant(c, dims)});
}

}  // namespace keraft::cards
