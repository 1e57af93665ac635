#include "cards/products.h"

#include <algorithm>
#include <map>

#include "cards/einsum.h"
#include "ir/constant.h"

namespace keraft::cards {
namespace {

bool flag(const Node& node, std::string_view name) {
  const auto found = node.attrs.find(name);
  const bool* value = found == node.attrs.end() ? nullptr : found->second.get<bool>();
  return value && *value;
}

const Weight* weight_of(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (node.op != "ir/Weight") return nullptr;
  const Weight& weight = graph.weights.at(static_cast<size_t>(node.weight));
  return is_floating(weight.value.dtype) ? &weight : nullptr;
}

WeightUse use_of(const Graph& graph, NodeId reader, size_t input) {
  const Node& node = graph.at(graph.at(reader).inputs[input].node);
  const Weight& weight = graph.weights.at(static_cast<size_t>(node.weight));
  return {graph.root(node.weight),    weight.value, weight.value.dims, graph.type(graph.at(reader).inputs[input]).dtype, reader,
          static_cast<int32_t>(input)};
}

/// Axes of two operands that stand for one, aligned from the right; where one has size 1 the other's remains.
std::optional<AtomLayout> aligned(Axes& axes, const AtomLayout& a, const AtomLayout& b) {
  const AtomLayout &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  AtomLayout out = longer;
  for (size_t i = 0; i < shorter.size(); ++i) {
    Atoms& mine = out[longer.size() - shorter.size() + i];
    if (mine.empty())
      mine = shorter[i];
    else if (!shorter[i].empty() && !axes.identify(mine, shorter[i]))
      return std::nullopt;
  }
  return out;
}

std::optional<Product> matrix_product(Axes& axes, Product out, bool flip_a, bool flip_b) {
  if (out.a.size() < 2 || out.b.size() < 2) return std::nullopt;
  AtomLayout a = out.a, b = out.b;
  if (flip_a) std::swap(a[a.size() - 1], a[a.size() - 2]);
  if (flip_b) std::swap(b[b.size() - 1], b[b.size() - 2]);
  out.summed = a.back();
  if (!axes.identify(a.back(), b[b.size() - 2])) return std::nullopt;
  auto batch = aligned(axes, AtomLayout(a.begin(), a.end() - 2), AtomLayout(b.begin(), b.end() - 2));
  if (!batch) return std::nullopt;
  out.out = std::move(*batch);
  out.out.push_back(a[a.size() - 2]);
  out.out.push_back(b.back());
  return out;
}

std::optional<Product> einsum_product(Axes& axes, Product out, const std::string& text) {
  const auto equation = parse_einsum(text);
  if (!equation || equation->inputs.size() != 2 || text.find('.') != std::string::npos) return std::nullopt;
  std::map<char, Atoms> letters;
  const AtomLayout* operands[] = {&out.a, &out.b};
  for (size_t k = 0; k < 2; ++k) {
    const std::string& names = equation->inputs[k];
    if (names.size() != operands[k]->size()) return std::nullopt;
    for (size_t i = 0; i < names.size(); ++i) {
      if (names.find(names[i]) != i) return std::nullopt;  // a diagonal
      const auto [at, fresh] = letters.try_emplace(names[i], (*operands[k])[i]);
      if (!fresh && !axes.identify(at->second, (*operands[k])[i])) return std::nullopt;
    }
  }
  for (const char letter : equation->output) out.out.push_back(letters.at(letter));
  for (const auto& [letter, atoms] : letters) {
    if (equation->output.find(letter) != std::string::npos) continue;
    const bool both =
        equation->inputs[0].find(letter) != std::string::npos && equation->inputs[1].find(letter) != std::string::npos;
    if (!both) return std::nullopt;
    out.summed.insert(out.summed.end(), atoms.begin(), atoms.end());
  }
  return out;
}

}  // namespace

int32_t Axes::add(Dim size) {
  atoms_.push_back({std::move(size), {}, true});
  return static_cast<int32_t>(atoms_.size()) - 1;
}

std::optional<AtomLayout> Axes::fresh(const Shape& shape) {
  if (!shape.has_rank()) return std::nullopt;
  AtomLayout out;
  for (const Dim& dim : shape.dims()) {
    if (dim.is(0)) return std::nullopt;
    out.push_back(dim.is(1) ? Atoms{} : Atoms{add(dim)});
  }
  return out;
}

Atoms Axes::now(const Atoms& atoms) const {
  Atoms out;
  for (const int32_t atom : atoms) {
    const Atom& one = atoms_[static_cast<size_t>(atom)];
    if (one.whole) {
      out.push_back(atom);
    } else {
      const Atoms parts = now(one.parts);
      out.insert(out.end(), parts.begin(), parts.end());
    }
  }
  return out;
}

AtomLayout Axes::now(const AtomLayout& layout) const {
  AtomLayout out;
  for (const Atoms& axis : layout) out.push_back(now(axis));
  return out;
}

Dim Axes::size(const Atoms& atoms) const {
  Dim out = 1;
  for (const int32_t atom : now(atoms)) out = out * atoms_[static_cast<size_t>(atom)].size;
  return out;
}

void Axes::split(int32_t atom, const Dim& first, const Dim& rest) {
  const int32_t a = add(first), b = add(rest);
  atoms_[static_cast<size_t>(atom)].parts = {a, b};
  atoms_[static_cast<size_t>(atom)].whole = false;
}

bool Axes::identify(const Atoms& one, const Atoms& other) {
  for (size_t i = 0;; ++i) {
    const Atoms a = now(one), b = now(other);
    if (i >= a.size() || i >= b.size()) return a.size() == b.size();
    if (a[i] == b[i]) continue;
    const Dim x = atoms_[static_cast<size_t>(a[i])].size, y = atoms_[static_cast<size_t>(b[i])].size;
    const bool open = !x.known() || !y.known();
    if (x == y || (open && a.size() == 1 && b.size() == 1)) {
      // Sizes that only running tells are the same where a product wants them to be.
      const size_t keep = static_cast<size_t>(x.known() ? a[i] : b[i]), give = static_cast<size_t>(x.known() ? b[i] : a[i]);
      atoms_[give].parts = {static_cast<int32_t>(keep)};
      atoms_[give].whole = false;
    } else if (const auto more = x.exact_div(y)) {
      split(a[i], y, *more);
      --i;
    } else if (const auto less = y.exact_div(x)) {
      split(b[i], x, *less);
      --i;
    } else {
      return false;
    }
  }
}

std::optional<AtomLayout> Axes::reshape(const AtomLayout& from, const Shape& to) {
  if (!to.has_rank()) return std::nullopt;
  Atoms open = now(joined(from));
  std::reverse(open.begin(), open.end());
  AtomLayout out;
  for (const Dim& wanted : to.dims()) {
    if (wanted.is(0)) return std::nullopt;
    Atoms axis;
    Dim have = 1;
    while (!(have == wanted)) {
      if (open.empty()) return std::nullopt;
      const int32_t atom = open.back();
      const Dim size = atoms_[static_cast<size_t>(atom)].size;
      const auto missing = wanted.exact_div(have);
      const auto rest = missing && !(size == *missing) && !missing->exact_div(size) ? size.exact_div(*missing) : std::nullopt;
      open.pop_back();
      if (rest) {
        split(atom, *missing, *rest);
        const Atoms parts = atoms_[static_cast<size_t>(atom)].parts;
        open.push_back(parts[1]);
        axis.push_back(parts[0]);
        have = wanted;
        break;
      }
      axis.push_back(atom);
      have = have * size;
      if (have.known() && wanted.known() && have.value() > wanted.value()) return std::nullopt;
    }
    out.push_back(std::move(axis));
  }
  return open.empty() ? std::optional(out) : std::nullopt;
}

std::optional<AtomLayout> Axes::tile(const AtomLayout& from, const std::vector<int64_t>& multiples) {
  if (multiples.size() != from.size()) return std::nullopt;
  AtomLayout out = from;
  for (size_t i = 0; i < out.size(); ++i) {
    if (multiples[i] == 1) continue;
    if (!out[i].empty() || multiples[i] < 1) return std::nullopt;
    out[i] = {add(Dim(multiples[i]))};
    spread.push_back(out[i].front());
  }
  return out;
}

std::optional<AtomLayout> Axes::repeat(const AtomLayout& from, const Node& node) {
  const auto axis = node.attrs.find("axis"), times = node.attrs.find("times");
  const auto* at = axis == node.attrs.end() ? nullptr : axis->second.get<int64_t>();
  const auto* count = times == node.attrs.end() ? nullptr : times->second.get<int64_t>();
  if (!at || !count || *count < 1) return std::nullopt;
  const int64_t i = *at < 0 ? *at + static_cast<int64_t>(from.size()) : *at;
  if (i < 0 || i >= static_cast<int64_t>(from.size())) return std::nullopt;
  AtomLayout out = from;
  spread.push_back(add(Dim(*count)));
  out[static_cast<size_t>(i)].push_back(spread.back());
  return out;
}

bool moves(const Node& node) {
  return node.is({"tf/Transpose", "tf/Reshape", "tf/ExpandDims", "tf/Squeeze", "tf/Tile", "ir/Repeat"});
}

Moved behind_moves(const Graph& graph, Edge edge, size_t most) {
  Moved out{edge, {}};
  while (out.chain.size() < most && moves(graph.at(out.base.node)) && graph.at(out.base.node).layer < 0) {
    out.chain.push_back(out.base.node);
    out.base = graph.at(out.base.node).inputs.at(0);
  }
  return out;
}

std::optional<AtomLayout> replay(Axes& axes, const Moved& moved, AtomLayout layout) {
  for (auto id = moved.chain.rbegin(); id != moved.chain.rend(); ++id) {
    const Node& node = axes.graph().at(*id);
    if (node.op == "tf/Transpose") {
      const auto perm = ir::constant_ints(axes.graph(), node.inputs.at(1));
      if (!perm || perm->size() != layout.size()) return std::nullopt;
      AtomLayout out;
      for (const int64_t axis : *perm) {
        const int64_t at = axis < 0 ? axis + static_cast<int64_t>(layout.size()) : axis;
        if (at < 0 || at >= static_cast<int64_t>(layout.size())) return std::nullopt;
        out.push_back(layout[static_cast<size_t>(at)]);
      }
      layout = std::move(out);
    } else if (node.op == "tf/Tile") {
      const auto multiples = ir::constant_ints(axes.graph(), node.inputs.at(1));
      auto out = multiples ? axes.tile(layout, *multiples) : std::nullopt;
      if (!out) return std::nullopt;
      layout = std::move(*out);
    } else if (node.op == "ir/Repeat") {
      auto out = axes.repeat(layout, node);
      if (!out) return std::nullopt;
      layout = std::move(*out);
    } else {
      auto out = axes.reshape(layout, axes.graph().type({*id, 0}).shape);
      if (!out) return std::nullopt;
      layout = std::move(*out);
    }
  }
  return layout;
}

bool multiplies(const Node& node) {
  return node.is({"tf/MatMul", "tf/BatchMatMul", "tf/BatchMatMulV2", "tf/BatchMatMulV3", "tf/Einsum"}) &&
         node.inputs.size() == 2;
}

std::optional<Product> product(Axes& axes, NodeId id, const LaidOut& a, const LaidOut& b) {
  const Node& node = axes.graph().at(id);
  if (!multiplies(node) || node.layer >= 0 || node.dead) return std::nullopt;
  auto x = a(node.inputs[0]);
  if (!x) return std::nullopt;
  auto y = b(node.inputs[1]);
  if (!y) return std::nullopt;
  Product out{id, std::move(*x), std::move(*y), {}, {}};
  if (node.op == "tf/MatMul") return matrix_product(axes, std::move(out), flag(node, "transpose_a"), flag(node, "transpose_b"));
  if (node.op != "tf/Einsum") return matrix_product(axes, std::move(out), flag(node, "adj_x"), flag(node, "adj_y"));
  const auto equation = node.attrs.find("equation");
  const std::string* text = equation == node.attrs.end() ? nullptr : equation->second.get<std::string>();
  return text ? einsum_product(axes, std::move(out), *text) : std::nullopt;
}

namespace {

std::optional<AtomLayout> kernel_product(Axes& axes, NodeId id, Projection& out, const LaidOut& x) {
  const Node& node = axes.graph().at(id);
  if (node.inputs.size() != 2) return std::nullopt;
  const bool second = weight_of(axes.graph(), node.inputs[1]);
  if (!second && !weight_of(axes.graph(), node.inputs[0])) return std::nullopt;
  const LaidOut kernel = [&](Edge edge) { return axes.fresh(axes.graph().type(edge).shape); };
  auto found = product(axes, id, second ? x : kernel, second ? kernel : x);
  if (!found) return std::nullopt;
  out.kernel_use = use_of(axes.graph(), id, second ? 1 : 0);
  out.kernel = second ? found->b : found->a;
  out.x = second ? found->a : found->b;
  out.summed = found->summed;
  return found->out;
}

std::optional<AtomLayout> biased(Axes& axes, const Node& node, NodeId id, Projection& out, const AtomLayout& of) {
  const size_t bias = weight_of(axes.graph(), node.inputs[1]) ? 1 : 0;
  WeightUse use = use_of(axes.graph(), id, bias);
  auto layout = axes.fresh(Shape::of(use.value.dims));
  if (!layout || layout->size() > of.size()) return std::nullopt;
  AtomLayout wide(of.size() - layout->size());
  wide.insert(wide.end(), layout->begin(), layout->end());
  const auto format = node.attrs.find("data_format");
  if (node.op == "tf/BiasAdd" && format != node.attrs.end() && format->second == Value("NCHW") && of.size() > 2)
    std::swap(wide[1], wide[of.size() - 1]);
  for (size_t i = 0; i < of.size(); ++i) {
    if (!wide[i].empty() && !axes.identify(wide[i], of[i])) return std::nullopt;
  }
  out.bias = std::move(*layout);
  out.bias_use = std::move(use);
  return of;
}

std::optional<AtomLayout> affine(Axes& axes, Edge edge, Projection& out, const LaidOut& x, int depth) {
  if (depth > 12) return std::nullopt;
  const Graph& graph = axes.graph();
  const Moved moved = behind_moves(graph, edge);
  const NodeId id = moved.base.node;
  const Node& node = graph.at(id);
  if (node.layer >= 0 || node.dead || moved.base.port != 0) return std::nullopt;
  out.nodes.insert(out.nodes.end(), moved.chain.begin(), moved.chain.end());
  out.nodes.push_back(id);
  std::optional<AtomLayout> layout;
  if (node.is({"tf/BiasAdd", "tf/Add", "tf/AddV2"}) && node.inputs.size() == 2 && !out.bias_use && out.scale == 1) {
    const bool first = node.op != "tf/BiasAdd" && weight_of(graph, node.inputs[0]);
    if (!first && !weight_of(graph, node.inputs[1])) return std::nullopt;
    Projection inner;
    layout = affine(axes, node.inputs[first ? 1 : 0], inner, x, depth + 1);
    if (!layout || inner.bias_use || inner.scale != 1) return std::nullopt;
    inner.nodes.insert(inner.nodes.begin(), out.nodes.begin(), out.nodes.end());
    out = std::move(inner);
    layout = biased(axes, node, id, out, *layout);
  } else if (node.is({"tf/Mul", "tf/RealDiv"}) && node.inputs.size() == 2) {
    const size_t number = ir::scalar(graph, node.inputs[1]) ? 1 : 0;
    const auto value = ir::scalar(graph, node.inputs[number]);
    const auto factor = value ? value->number() : std::nullopt;
    const bool divides = node.op == "tf/RealDiv";
    if (!factor || *factor == 0 || (divides && number == 0)) return std::nullopt;
    layout = affine(axes, node.inputs[1 - number], out, x, depth + 1);
    out.scale *= divides ? 1 / *factor : *factor;
  } else if (multiplies(node)) {
    layout = kernel_product(axes, id, out, x);
  }
  return layout ? replay(axes, moved, std::move(*layout)) : std::nullopt;
}

}  // namespace

std::optional<Projection> projection(Axes& axes, Edge edge, const LaidOut& x) {
  Projection out;
  auto layout = affine(axes, edge, out, x, 0);
  if (!layout) return std::nullopt;
  out.out = std::move(*layout);
  return out;
}

std::optional<AtomLayout> leaf(Axes& axes, Edge edge, size_t depth, Leaf& out, std::vector<NodeId>& nodes) {
  const Moved moved = behind_moves(axes.graph(), edge, depth);
  if (moved.chain.size() != depth || weight_of(axes.graph(), moved.base) || ir::is_constant(axes.graph(), moved.base))
    return std::nullopt;
  auto layout = axes.fresh(axes.graph().type(moved.base).shape);
  if (!layout) return std::nullopt;
  out = {moved.base, *layout};
  nodes.insert(nodes.end(), moved.chain.begin(), moved.chain.end());
  return replay(axes, moved, std::move(*layout));
}

std::optional<WeightUse> arranged(const Axes& axes, WeightUse use, const AtomLayout& from, const AtomLayout& to) {
  const Atoms have = axes.now(joined(from)), want = axes.now(joined(to));
  if (!same_set(have, want)) return std::nullopt;
  std::vector<int64_t> pieces, sizes;
  std::vector<size_t> perm;
  for (const int32_t atom : have) {
    const Dim size = axes.size({atom});
    if (!size.known()) return std::nullopt;
    pieces.push_back(size.value());
  }
  for (const int32_t atom : want) perm.push_back(static_cast<size_t>(std::find(have.begin(), have.end(), atom) - have.begin()));
  for (const Atoms& axis : to) sizes.push_back(axes.size(axis).value());
  use.value = reshaped(use.value, pieces);
  if (!std::is_sorted(perm.begin(), perm.end())) use.value = transposed(use.value, perm);
  use.value = reshaped(use.value, sizes);
  return use;
}

Atoms joined(const AtomLayout& layout, size_t begin, size_t end) {
  Atoms out;
  for (size_t i = begin; i < std::min(end, layout.size()); ++i) out.insert(out.end(), layout[i].begin(), layout[i].end());
  return out;
}

bool same_set(Atoms a, Atoms b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

}  // namespace keraft::cards
