#include "training/terms.h"

#include <algorithm>

#include "ir/constant.h"
#include "weights/bind_variables.h"

namespace keraft::training {
namespace {

constexpr int most_depth = 64;

class Reader {
 public:
  Reader(const Graph& graph, const Registry& registry)
      : graph_(graph), registry_(registry), learned_(graph.nodes.size(), false) {
    for (const NodeId id : graph.order()) {
      const Node& node = graph.at(id);
      bool mine = is_variable(node);
      for (const Edge& edge : node.inputs) mine = mine || learned_[static_cast<size_t>(edge.node)];
      learned_[static_cast<size_t>(id)] = mine;
    }
  }

  /// Takes a sum of scaled terms apart.
  void expand(Edge edge, double factor, int depth, Terms& out) const {
    edge = behind(graph_, edge, registry_);
    if (out.strange != no_node || ir::constant(graph_, edge)) return;
    if (const auto parts = depth < most_depth ? scaled_terms(graph_, edge, registry_) : std::nullopt) {
      for (const auto& [part, part_factor] : *parts) expand(part, factor * part_factor, depth + 1, out);
      return;
    }
    if (!learned_[static_cast<size_t>(edge.node)]) return;
    auto term = penalty(edge);
    if (!term) term = comparison(edge);
    if (!term) {
      out.strange = edge.node;
      return;
    }
    term->factor *= factor;
    term->node = edge.node;
    out.found.push_back(std::move(*term));
  }

 private:
  static bool is_variable(const Node& node) { return node.op == "ir/Weight" || weights::is_variable(node); }
  bool learned(const Spelling& spelling, const char* name) const {
    return learned_[static_cast<size_t>(spelling.tensors.at(name).node)];
  }

  std::optional<Term> penalty(Edge edge) const {
    for (const LossCard* card : registry_.losses()) {
      if (!card->penalty) continue;
      for (const LossCard::Rule& rule : card->rules) {
        auto found = spelled(graph_, rule.form, edge.node, registry_);
        if (found && is_variable(graph_.at(found->tensors.at("variable").node)))
          return Term{card, &rule, std::move(*found), {}, rule.factor, {}};
      }
    }
    return std::nullopt;
  }

  std::optional<Term> comparison(Edge edge) const {
    const auto reduction = read_reduction(graph_, edge, registry_);
    if (!reduction || reduction->inner.port != 0) return std::nullopt;
    for (const LossCard* card : registry_.losses()) {
      if (card->penalty) continue;
      for (const LossCard::Rule& rule : card->rules) {
        auto found = spelled(graph_, rule.form, reduction->inner.node, registry_);
        if (!found || !learned(*found, "prediction") || learned(*found, "target")) continue;
        return Term{card, &rule, std::move(*found), *reduction, reduction->factor * rule.factor, {}};
      }
    }
    return std::nullopt;
  }

  const Graph& graph_;
  const Registry& registry_;
  std::vector<bool> learned_;
};

}  // namespace

Terms terms_of(const Graph& graph, Edge loss, const Registry& registry) {
  Terms out;
  Reader(graph, registry).expand(loss, 1, 0, out);
  return out;
}

std::optional<std::vector<Edge>> predictions(const Graph& graph, NodeId loss, const Registry& registry) {
  const Terms terms = terms_of(graph, {loss, 0}, registry);
  if (terms.strange != no_node) return std::nullopt;
  std::vector<Edge> out;
  for (const Term& term : terms.found) {
    if (term.card->penalty) continue;
    const auto steps = before_reshapes(graph, term.spelling.tensors.at("prediction"), term.rule->by_row, registry);
    Edge edge = steps.back();
    // A reshape may be the model's as well as the loss's: the activation tells.
    const auto activated = [&](Edge step) {
      for (size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (node.dead || node.op != term.card->activation || node.inputs.empty()) continue;
        if (behind(graph, node.inputs[0], registry) == step) return std::optional(Edge{static_cast<NodeId>(i), 0});
      }
      return std::optional<Edge>();
    };
    for (size_t i = steps.size(); i-- > 0 && term.rule->logits;) {
      if (const auto found = activated(steps[i])) {
        edge = *found;
        break;
      }
    }
    if (std::find(out.begin(), out.end(), edge) == out.end()) out.push_back(edge);
  }
  std::sort(out.begin(), out.end());
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace keraft::training
