#include <algorithm>

#include "cards/attention.h"

namespace keraft::cards {
namespace {

Atoms without(const Atoms& from, const Atoms& what) {
  Atoms out;
  for (const int32_t atom : from) {
    if (std::find(what.begin(), what.end(), atom) == what.end()) out.push_back(atom);
  }
  return out;
}

Atoms plus(const Atoms& a, const Atoms& b) {
  Atoms out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

bool holds(const Atoms& all, const Atoms& some) { return without(some, all).empty(); }

/// One of the three projections that feed the attention.
struct Part {
  Leaf leaf;
  Projection made;
  std::vector<NodeId> passed;
};

std::optional<AtomLayout> project(Attended& out, Edge edge, Part& part) {
  for (size_t depth = 0; depth < 3; ++depth) {
    const Axes before = out.axes;
    Part attempt;
    auto found = projection(out.axes, edge, [&](Edge x) { return leaf(out.axes, x, depth, attempt.leaf, attempt.passed); });
    const AtomLayout& in = attempt.leaf.layout;
    if (found && in.size() >= 3 && out.axes.now(found->summed) == out.axes.now(in.back())) {
      attempt.made = std::move(*found);
      part = std::move(attempt);
      return part.made.out;
    }
    out.axes = before;
  }
  return std::nullopt;
}

class HeadReader {
 public:
  HeadReader(const Graph& graph, NodeId root) : root_(root), found_(graph) {}

  std::optional<Heads> read() {
    const Side side = [this](Attended& out, Edge edge, int which) {
      return which < 3 ? project(out, edge, parts_[which]) : std::nullopt;
    };
    const LaidOut context = [&](Edge edge) { return attended(found_, edge, side); };
    // The output's projection and the attention share their atoms.
    auto output = projection(found_.axes, {root_, 0}, context);
    if (!output) return std::nullopt;
    output_ = std::move(*output);
    if (!roles() || !result() || !weights()) return std::nullopt;
    collect();
    return std::move(heads_);
  }

 private:
  AtomLayout now(const AtomLayout& layout) const { return found_.axes.now(layout); }
  Atoms now(const Atoms& atoms) const { return found_.axes.now(atoms); }
  Atoms made_by(const Part& part) const { return without(now(joined(part.made.kernel)), now(part.made.summed)); }

  bool roles() {
    const Atoms softmax = now(found_.softmax);
    const bool swapped = !holds(now(joined(parts_[1].made.out)), softmax);
    if (swapped) std::swap(parts_[0], parts_[1]);
    const Part &q = parts_[0], &k = parts_[1], &v = parts_[2];
    heads_.q_in = now(q.leaf.layout), heads_.k_in = now(k.leaf.layout), heads_.v_in = now(v.leaf.layout);
    const size_t rank = heads_.q_in.size();
    if (heads_.k_in.size() != rank || heads_.v_in.size() != rank) return false;
    heads_.depth = now(found_.scores.summed);
    const Atoms spread = now(found_.axes.spread);
    if (!holds(made_by(q), heads_.depth) || !holds(made_by(k), heads_.depth)) return false;
    heads_.heads = without(made_by(q), heads_.depth);
    heads_.groups = without(heads_.heads, spread);
    if (!same_set(without(made_by(k), heads_.depth), heads_.groups)) return false;
    if (!holds(made_by(v), heads_.groups) || !holds(plus(heads_.heads, softmax), spread)) return false;
    heads_.value_depth = without(made_by(v), heads_.groups);
    return axes_of_attention(rank, softmax);
  }

  bool axes_of_attention(size_t rank, const Atoms& softmax) {
    Atoms mine;
    std::vector<int64_t> some;
    if (heads_.q_in[0] != heads_.k_in[0] || heads_.q_in[0] != heads_.v_in[0]) return false;
    for (size_t i = 1; i + 1 < rank; ++i) {
      if (heads_.k_in[i] != heads_.v_in[i]) return false;
      if (!heads_.k_in[i].empty() && heads_.k_in[i] == heads_.q_in[i]) continue;
      some.push_back(static_cast<int64_t>(i));
      mine = plus(mine, heads_.k_in[i]);
    }
    if (some.size() + 2 != rank) heads_.attention_axes = some;
    return !some.empty() && same_set(mine, softmax) && same_set(now(found_.context.summed), softmax);
  }

  bool result() {
    const Atoms summed = now(output_.summed);
    if (!same_set(summed, plus(heads_.heads, heads_.value_depth))) return false;
    heads_.features = without(now(joined(output_.kernel)), summed);
    const AtomLayout out = now(output_.out);
    if (out.size() != heads_.q_in.size() || !std::equal(out.begin(), out.end() - 1, heads_.q_in.begin())) return false;
    if (out.back() != heads_.features) return false;
    const double scale = found_.scale * parts_[0].made.scale * parts_[1].made.scale;
    return is_root_scale(scale, found_.axes.size(heads_.depth)) && parts_[2].made.scale == 1 && output_.scale == 1 &&
           !found_.scale_weight;
  }

  bool weight(const std::string& name, const std::optional<WeightUse>& use, const AtomLayout& from, const AtomLayout& to) {
    if (!use) return true;
    auto found = arranged(found_.axes, *use, from, to);
    if (found) heads_.weights[name] = std::move(*found);
    return found.has_value();
  }

  bool part(const std::string& name, const Projection& made, const AtomLayout& kernel, const AtomLayout& bias) {
    return made.bias_use.has_value() == heads_.bias && weight(name + "_kernel", made.kernel_use, made.kernel, kernel) &&
           weight(name + "_bias", made.bias_use, made.bias, bias);
  }

  bool weights() {
    heads_.bias = output_.bias_use.has_value();
    const Atoms &n = heads_.heads, &g = heads_.groups, &h = heads_.depth, &w = heads_.value_depth, &f = heads_.features;
    return part("query", parts_[0].made, {heads_.q_in.back(), n, h}, {n, h}) &&
           part("key", parts_[1].made, {heads_.k_in.back(), g, h}, {g, h}) &&
           part("value", parts_[2].made, {heads_.v_in.back(), g, w}, {g, w}) && part("output", output_, {n, w, f}, {f});
  }

  void collect() {
    heads_.query = parts_[0].leaf, heads_.key = parts_[1].leaf, heads_.value = parts_[2].leaf;
    heads_.dropout = found_.dropout;
    heads_.causal = found_.causal;
    heads_.nodes = output_.nodes;
    heads_.nodes.insert(heads_.nodes.end(), found_.nodes.begin(), found_.nodes.end());
    for (const Part& one : parts_) {
      heads_.nodes.insert(heads_.nodes.end(), one.made.nodes.begin(), one.made.nodes.end());
      heads_.nodes.insert(heads_.nodes.end(), one.passed.begin(), one.passed.end());
    }
    std::vector<NodeId> once;
    for (const NodeId id : heads_.nodes) {
      if (std::find(once.begin(), once.end(), id) == once.end()) once.push_back(id);
    }
    heads_.nodes = std::move(once);
  }

  NodeId root_;
  Attended found_;
  Part parts_[3];
  Projection output_;
  Heads heads_;
};

}  // namespace

std::optional<Heads> read_heads(const Graph& graph, NodeId root) { return HeadReader(graph, root).read(); }

}  // namespace keraft::cards
