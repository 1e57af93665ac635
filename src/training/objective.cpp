#include "training/objective.h"

#include <algorithm>
#include <map>
#include <optional>

#include "cards/infer.h"
#include "keraft/error.hpp"
#include "training/terms.h"

namespace keraft::training {
namespace {

class Reader {
 public:
  Reader(const Graph& graph, const Source& source, size_t outputs, Training& out)
      : graph_(graph), source_(source), outputs_(outputs), out_(out), losses_(outputs) {}

  void run(Edge loss) {
    const Terms terms = terms_of(graph_, loss, source_.registry);
    if (terms.strange != no_node) return refuse(terms.strange);
    for (const Term& term : terms.found) {
      if (!(term.card->penalty ? penalty(term) : judge(term))) return refuse(term.node);
    }
    const auto known = [](const std::optional<Loss>& one) { return one.has_value(); };
    if (!std::all_of(losses_.begin(), losses_.end(), known)) {
      return note(loss.node, "the loss does not judge every output; the model is not compiled");
    }
    for (auto& one : losses_) out_.losses.push_back(std::move(*one));
    for (const auto& [key, penalties] : penalties_) out_.variables[key].penalties = penalties;
  }

 private:
  void note(NodeId where, const std::string& what) { source_.lossy->emplace_back(graph_.at(where).name, what); }
  void refuse(NodeId where) { note(where, "no loss of Keras computes this part of the loss; the model is not compiled"); }

  Edge at(Edge edge) const { return behind(graph_, edge, source_.registry); }

  bool penalty(const Term& term) {
    const Node& variable = graph_.at(term.spelling.tensors.at("variable").node);
    const Weight& weight = graph_.weights[static_cast<size_t>(variable.weight)];
    if (!sums_all(graph_, {term.node, 0}, weight.value.dims.size(), source_.registry)) return false;
    penalties_[weight.key][term.card->cls] += term.factor;
    return true;
  }

  bool judge(const Term& term) {
    const LossCard::Rule& rule = *term.rule;
    const Edge prediction = term.spelling.tensors.at("prediction");
    if (term.reduction.rows && !rule.by_row) return false;
    const auto output = judged(*term.card, rule, prediction);
    if (!output) return false;
    Loss loss;
    loss.cls = term.card->cls;
    loss.weight = term.factor;
    if (rule.logits && output->logits) loss.config["from_logits"] = true;
    if (!term.reduction.mean) {
      loss.config["reduction"] = "sum";
      // Keras takes the mean over a row's elements before it sums.
      const Shape shape = graph_.type(prediction).shape;
      const bool known = shape.has_rank() && shape.rank() >= 2 && shape.dims().back().known();
      if (!rule.by_row && !known) return false;
      if (!rule.by_row) loss.weight *= static_cast<double>(shape.dims().back().value());
    }
    auto& place = losses_[output->index];
    if (place || !(loss.weight > 0)) return false;
    place = std::move(loss);
    return true;
  }

  struct Judged {
    size_t index;
    bool logits;
  };

  /// Which output the prediction is, or becomes by the activation that logits want.
  std::optional<Judged> judged(const LossCard& card, const LossCard::Rule& rule, Edge prediction) const {
    const auto origins = [&](Edge edge) { return before_reshapes(graph_, edge, rule.by_row, source_.registry); };
    const std::vector<Edge> steps = origins(prediction);
    const auto among = [&](Edge edge) { return std::find(steps.begin(), steps.end(), at(edge)) != steps.end(); };
    for (size_t i = 0; i < outputs_; ++i) {
      const Edge output = at(graph_.outputs[i].edge);
      if (among(output)) return Judged{i, true};
      if (!rule.logits || card.activation.empty()) continue;
      for (const Edge result : origins(output)) {
        const Node& node = graph_.at(result.node);
        if (node.op != card.activation) continue;
        const auto inputs = origins(at(node.inputs.at(0)));
        if (std::any_of(inputs.begin(), inputs.end(), among)) return Judged{i, false};
      }
    }
    return std::nullopt;
  }

  const Graph& graph_;
  const Source& source_;
  size_t outputs_;
  Training& out_;
  std::vector<std::optional<Loss>> losses_;
  std::map<std::string, std::map<std::string, double>> penalties_;
};

}  // namespace

void read_objective(const Graph& graph, Edge loss, const std::vector<Port>& outputs, const Source& source, Training& out) {
  Graph copy = graph;
  copy.outputs = outputs;
  copy.outputs.push_back({"loss", loss});
  copy.inputs.clear();
  copy.prune();
  copy.compact();
  source.attach(copy);
  weights::bind_variables(copy, source.lookup, source.control);
  copy.compact();
  try {
    infer_types(copy, source.registry, source.control);
  } catch (const Error& error) {
    if (error.status() != Status::mismatch && error.status() != Status::unsupported) throw;
  }
  const Edge bound = copy.outputs.back().edge;
  Reader(copy, source, outputs.size(), out).run(bound);
}

}  // namespace keraft::training
