#include "training/optimizer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/string.h"
#include "cards/optimizer_card.h"
#include "ir/constant.h"
#include "training/numbers.h"
#include "training/spelling.h"

namespace keraft::training {
namespace {

constexpr std::string_view resource = "tf/Resource";

bool is_step(const Node& node) {
  for (const std::string_view start : {std::string_view("tf/Apply"), std::string_view("tf/ResourceApply"),
                                       std::string_view("tf/SparseApply"), std::string_view("tf/ResourceSparseApply")}) {
    if (node.op.starts_with(start)) return true;
  }
  return false;
}

/// ResourceApplyX does what ApplyX does.
std::string plain(const Node& node) {
  return node.op.starts_with("tf/ResourceApply") ? "tf/" + node.op.substr(resource.size()) : node.op.str();
}

class Finder {
 public:
  Finder(const Graph& graph, const Source& source, Training& out) : graph_(graph), source_(source), out_(out) {
    for (const OptimizerCard* card : source.registry.optimizers()) {
      for (const OptimizerCard::Rule& rule : card->rules) rules_[rule.form.statements.back().op].emplace_back(card, &rule);
    }
  }

  void run() {
    std::vector<NodeId> steps;
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!graph_.nodes[i].dead && is_step(graph_.nodes[i])) steps.push_back(static_cast<NodeId>(i));
    }
    if (steps.empty()) return;
    for (const NodeId id : steps) {
      if (!one(id)) return give_up(graph_.at(id).name);
    }
    Optimizer optimizer;
    optimizer.cls = card_->cls;
    optimizer.config = std::move(config_);
    optimizer.slots = card_->kept(slots_);
    optimizer.iterations = iterations();
    for (const std::string& what : lossy_) source_.lossy->emplace_back(optimizer.cls, what);
    if (varies_) {
      source_.lossy->emplace_back(optimizer.cls,
                                  "the learning rate followed a schedule; training goes on with its present value");
    }
    out_.optimizer = std::move(optimizer);
  }

 private:
  void give_up(const std::string& node) {
    for (auto& [key, variable] : out_.variables) {
      variable.slots.clear();
      variable.stepped = false;
    }
    source_.lossy->emplace_back(node, why_.empty() ? "no optimizer of Keras takes this step; the model is not compiled" : why_);
  }

  bool one(NodeId id) {
    const auto rules = rules_.find(plain(graph_.at(id)));
    if (rules == rules_.end()) return false;
    for (const auto& [card, rule] : rules->second) {
      auto found = read(id, rule->form);
      if (!found) continue;
      OptimizerStep step;
      if (!numbers(*found, step) || !contents(*found, rule->form, step)) return false;
      if (rule->complete && !rule->complete(step)) continue;
      std::erase_if(step.config.edit(), [](const auto& entry) { return entry.first.starts_with('_'); });
      return agrees(card, step) && keep(*found, std::move(step));
    }
    return false;
  }

  std::optional<Spelling> read(NodeId id, const ir::Form& form) const {
    // The form's op is the plain one; inputs and attributes are the same.
    ir::Form own = form;
    own.statements.back().op = graph_.at(id).op;
    return spelled(graph_, own, id, source_.registry);
  }

  bool numbers(const Spelling& found, OptimizerStep& step) {
    for (const auto& [field, edge] : found.numbers) {
      const auto [at, fresh] = numbers_.try_emplace(edge);
      if (fresh) at->second = number(graph_, edge, source_);
      if (!at->second) {
        why_ = "the optimizer's " + field + " is fed from outside; the model is not compiled";
        return false;
      }
      step.config[field] = at->second->value;
      if (field == "learning_rate") varies_ = varies_ || at->second->varies;
    }
    for (const auto& [field, value] : found.attrs) step.config[field] = value;
    return true;
  }

  bool contents(const Spelling& found, const ir::Form& form, OptimizerStep& step) {
    for (const ir::FormArg& arg : form.statements.back().args) {
      if (arg.kind != ir::FormArg::Kind::weight) continue;
      const Node& variable = graph_.at(found.tensors.at(arg.name).node);
      if (!weights::is_variable(variable)) return false;
      const weights::Variable known = source_.lookup(variable);
      step.slots[arg.name] = known.part ? known.part->whole : known.value;
    }
    return true;
  }

  /// All variables must be trained alike: Keras has one optimizer.
  bool agrees(const OptimizerCard* card, const OptimizerStep& step) {
    std::set<std::string> slots;
    for (const auto& [slot, contents] : step.slots) slots.insert(slot);
    if (!card_) {
      card_ = card;
      config_ = step.config;
      slots_ = std::move(slots);
      counted_ = step.iterations;
      lossy_ = step.lossy;
      return true;
    }
    if (card_ == card && config_ == step.config && slots_ == slots) return true;
    why_ = "variables are trained by different optimizers or hyper-parameters; the model is not compiled";
    return false;
  }

  bool keep(const Spelling& found, OptimizerStep step) {
    const Node& variable = graph_.at(found.tensors.at("variable").node);
    if (!weights::is_variable(variable)) return false;
    const weights::Variable known = source_.lookup(variable);
    const bool fresh = stepped_.insert(variable.name).second;
    if (!fresh) {
      why_ = "two steps train the same variable; the model is not compiled";
      return false;
    }
    VariableTraining& mine = out_.variables[known.key];
    mine.slots = std::move(step.slots);
    mine.stepped = true;
    return true;
  }

  /// Counters of steps: integer variables to which one is added. The step's own count decides between several.
  int64_t iterations() const {
    std::vector<int64_t> counters;
    for (const Node& node : graph_.nodes) {
      if (node.dead || (node.op != "tf/AssignAdd" && node.op != "tf/AssignAddVariableOp") || node.inputs.size() < 2) continue;
      const Node& variable = graph_.at(behind(graph_, node.inputs[0], source_.registry).node);
      const auto one = ir::scalar(graph_, behind(graph_, node.inputs[1], source_.registry));
      if (!weights::is_variable(variable) || !one || !(*one == Value(int64_t{1}))) continue;
      const Tensor value = source_.lookup(variable).value;
      if (is_integer(value.dtype) && value.elements() == 1) counters.push_back(to_ints(value).front());
    }
    if (!counted_) return counters.size() == 1 ? std::max<int64_t>(counters.front(), 0) : 0;
    const double far = 1 + 0.01 * *counted_;
    for (const int64_t counter : counters) {
      if (std::abs(static_cast<double>(counter) - *counted_) <= far) return counter;
    }
    return std::llround(*counted_);
  }

  const Graph& graph_;
  const Source& source_;
  Training& out_;
  std::map<std::string, std::vector<std::pair<const OptimizerCard*, const OptimizerCard::Rule*>>> rules_;
  std::map<Edge, std::optional<Number>> numbers_;
  const OptimizerCard* card_ = nullptr;
  Dict config_;
  std::set<std::string> slots_, stepped_;
  std::optional<double> counted_;
  std::vector<std::string> lossy_;
  bool varies_ = false;
  std::string why_;
};

}  // namespace

void find_optimizer(const Graph& graph, const Source& source, Training& out) { Finder(graph, source, out).run(); }

}  // namespace keraft::training
