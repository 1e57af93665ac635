#include "recover/recover.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/string.h"
#include "cards/twin.h"
#include "recover/match.h"

namespace keraft::recover {
namespace {

struct Candidate {
  const LayerCard* card;
  const LayerCard::Rule* rule;
  const LayerCard::Finder* finder = nullptr;
};

/// The caller's forms before keraft's own, larger ones first; among equals those that say more (weights, attributes), then by
/// class, then as the card lists them.
std::vector<Candidate> candidates(const Registry& registry) {
  std::vector<Candidate> out;
  for (const LayerCard* card : registry.layers()) {
    for (const LayerCard::Finder& finder : card->finders) out.push_back({card, nullptr, &finder});
    for (const LayerCard::Rule& rule : card->rules) out.push_back({card, &rule});
  }
  const auto size = [](const Candidate& c) {
    size_t words = 0;
    if (c.finder) return std::tuple(false, c.finder->statements, words);
    for (const auto& statement : c.rule->form.statements) words += statement.args.size() + statement.attrs.size();
    return std::tuple(c.rule->callers, c.rule->form.statements.size(), words);
  };
  std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return size(a) > size(b); });
  return out;
}

/// Nodes by card, each with its turn: readers before what they read.
using NodesByOp = std::map<const OpCard*, std::vector<std::pair<size_t, NodeId>>>;
struct Roots {
  NodesByOp own, twins;
};

/// Forms know an op's twins, which are it with a constant alone; finders name each op that they look at.
std::vector<NodeId> roots(const Candidate& candidate, const Roots& all, const Registry& registry) {
  std::set<std::pair<size_t, NodeId>> found;
  const auto add = [&](const NodesByOp& nodes, const std::string& op) {
    const auto known = nodes.find(registry.op(op));
    if (known != nodes.end()) found.insert(known->second.begin(), known->second.end());
  };
  if (candidate.rule) {
    const std::string& op = candidate.rule->form.statements.back().op;
    add(all.own, op);
    add(all.twins, op);
  }
  if (candidate.finder) {
    for (const std::string& op : candidate.finder->ops) add(all.own, "tf/" + op);
  }
  std::vector<NodeId> out;
  for (const auto& [turn, id] : found) out.push_back(id);
  return out;
}

std::string last_part(const std::string& name) {
  std::string part = name.substr(name.rfind('/') + 1);
  if (const size_t colon = part.find(':'); colon != std::string::npos) part.resize(colon);
  const size_t digits = part.find_last_not_of("0123456789");
  if (digits != std::string::npos && digits + 1 < part.size() && part[digits] == '_') part.resize(digits);
  return base::lower(part);
}

Slot bind_slot(Graph& graph, const LayerCard::WeightSpec& spec, const WeightUse& use) {
  Weight& weight = graph.weights.at(static_cast<size_t>(use.weight));
  weight.evidence.push_back("input " + std::to_string(use.input) + " of " + graph.at(use.reader).name + " → " + spec.slot);
  if (spec.known_as.contains(last_part(weight.name))) weight.evidence.push_back("name agrees with " + spec.slot);
  weight.evidence.push_back("shape " + Shape::of(use.value.dims).text() + " agrees with " + spec.slot);
  return {spec.slot, use.weight, use.value};
}

/// The policy of a layer that computes in another floating type than it keeps its weights in; nothing when Keras has no such
/// policy.
std::optional<std::string> policy(const Match& match) {
  std::set<std::pair<DType, DType>> pairs;
  for (const auto& [slot, use] : match.weights) pairs.emplace(use.value.dtype, use.computed);
  std::string name;
  for (const auto& [kept, computed] : pairs) {
    if (kept == computed) continue;
    if (kept != DType::f32) return std::nullopt;
    name = "mixed_" + std::string(name_of(computed));
  }
  return name;
}

/// Weights that are stored in half of the bytes that they are computed in are written as wide as that.
void widen_stored(Match& match) {
  for (auto& [slot, use] : match.weights) {
    const bool half = use.value.dtype == DType::f16 || use.value.dtype == DType::bf16;
    if (half && use.computed == DType::f32) use.value = widened(use.value);
  }
}

NodeId apply(Graph& graph, Match& match) {
  const LayerCard& card = *match.card;
  Layer layer;
  layer.cls = card.cls;
  layer.registered = card.registered;
  for (auto& [field, value] : match.config) {
    const LayerCard::Field* known = card.field(field);
    if (known && (known->always || !known->fallback || !(*known->fallback == value))) layer.config[field] = value;
  }
  for (const LayerCard::Field& field : card.fields) {
    if (field.always && field.fallback) layer.config.try_emplace(field.name, *field.fallback);
  }
  if (const auto mixed = policy(match); mixed && !mixed->empty()) layer.config["dtype"] = *mixed;
  for (const auto* spec : card.slots(match.config)) {
    const auto use = match.weights.find(spec->slot);
    if (use != match.weights.end()) layer.slots.push_back(bind_slot(graph, *spec, use->second));
  }
  Node call;
  const NodeId root = match.nodes.front();
  call.name = graph.at(root).name;
  call.op = "keras/" + card.cls;
  call.layer = static_cast<int32_t>(graph.layers.size());
  call.outputs = {graph.type({root, 0})};
  for (const NodeId id : match.nodes) call.from.push_back(graph.at(id).name);
  graph.layers.push_back(std::move(layer));
  call.inputs = match.inputs;
  call.attrs = match.call;
  for (const NodeId old : match.nodes) graph.at(old).dead = true;
  return graph.add(std::move(call));
}

}  // namespace

void recover_layers(Graph& graph, const Registry& registry, const Control& control) {
  const std::vector<Candidate> all = candidates(registry);
  Roots by_op;
  const std::vector<NodeId> order = graph.order();
  for (auto id = order.rbegin(); id != order.rend(); ++id) {
    const Node& node = graph.at(*id);
    const OpCard* card = node.layer < 0 ? registry.op(node.op) : nullptr;
    if (!card) continue;
    const auto turn = static_cast<size_t>(id - order.rbegin());
    by_op.own[card].emplace_back(turn, *id);
    if (const cards::Twin* twin = cards::twin(node.op)) by_op.twins[registry.op(twin->op)].emplace_back(turn, *id);
  }
  Matcher matcher(graph, registry);
  for (const Candidate& candidate : all) {
    check(control);
    for (const NodeId root : roots(candidate, by_op, registry)) {
      if (graph.at(root).dead) continue;
      auto match = candidate.finder ? matcher.find(*candidate.card, *candidate.finder, root)
                                    : matcher.match(*candidate.card, *candidate.rule, root);
      if (!match) continue;
      widen_stored(*match);
      if (policy(*match)) matcher.moved(graph, root, apply(graph, *match));
    }
  }
  graph.prune();
}

void gather_layers(Graph& graph, const Registry& registry) {
  for (const LayerCard* card : registry.layers()) {
    if (card->gather_fn) card->gather_fn(graph, registry);
  }
  graph.prune();
}

}  // namespace keraft::recover
