#include "training/attach.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "cards/layer_card.h"
#include "cards/penalties.h"
#include "ir/keras_object.h"
#include "ir/number.h"

namespace keraft::training {
namespace {

/// Six digits are what float32 arithmetic on a person's number leaves.
double tidy(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

Value regularizer(const std::map<std::string, double>& penalties) {
  Dict config;
  for (const auto& [name, factor] : penalties) config[name] = tidy(factor);
  const std::string cls = penalties.size() > 1 ? "L1L2" : penalties.begin()->first == "l1" ? "L1" : "L2";
  return ir::keras_object("keras.regularizers", cls, std::move(config));
}

class Attacher {
 public:
  Attacher(Graph& graph, const Registry& registry, std::vector<std::pair<std::string, std::string>>& lossy)
      : graph_(graph), registry_(registry), lossy_(lossy), training_(*graph.training) {}

  void run() {
    std::set<int32_t> used;
    for (const Node& node : graph_.nodes) {
      if (!node.dead && node.layer >= 0) used.insert(node.layer);
    }
    for (const int32_t id : used) layer(graph_.layers[static_cast<size_t>(id)]);
    for (const auto& [key, variable] : training_.variables) {
      if (!variable.penalties.empty() && !regularized_.contains(key))
        lossy_.emplace_back(key, "the penalty on this variable has no place in a layer");
    }
    lossy_.insert(lossy_.end(), training_.lossy.begin(), training_.lossy.end());
    if (!training_.optimizer) return;
    training_.optimizer->state = missing_.empty() && any_;
    const auto& variables = training_.variables;
    const bool began = std::any_of(variables.begin(), variables.end(), [](const auto& one) { return one.second.stepped; });
    if (missing_.empty() || !began) return;
    for (Layer& one : graph_.layers) {
      for (Slot& slot : one.slots) slot.state.clear();
    }
    lossy_.emplace_back(missing_,
                        "the optimizer keeps nothing for this weight, or the layer has it in another form; training "
                        "goes on with an optimizer that starts anew");
  }

 private:
  void layer(Layer& layer) {
    const LayerCard* card = registry_.layer(layer.cls);
    for (Slot& slot : layer.slots) {
      const Weight* root = slot.weight >= 0 ? &graph_.weights[static_cast<size_t>(graph_.root(slot.weight))] : nullptr;
      const LayerCard::WeightSpec* spec = card ? card->spec(slot.name) : nullptr;
      const auto known = root && root->variable ? training_.variables.find(root->key) : training_.variables.end();
      const bool found = known != training_.variables.end();
      if (found && !known->second.penalties.empty() && card) {
        layer.config[cards::regularizer_of(slot.name)] = regularizer(known->second.penalties);
        regularized_.insert(known->first);
      }
      if (found && known->second.kept && spec && !spec->kept_by.empty()) {
        // The rate is what the graph holds; float32 rounds 1 − rate.
        const LayerCard::Field* field = card->field(spec->kept_by);
        const Value kept(tidy(*known->second.kept));
        if (field && !(field->fallback && *field->fallback == kept)) layer.config[spec->kept_by] = kept;
      }
      if (!training_.optimizer || !layer.trainable || (spec && !spec->trainable)) continue;
      const std::string name = root && root->variable ? root->name.str() : layer.name + "/" + slot.name;
      if (!found || !state(*root, known->second, slot)) missing_ = missing_.empty() ? name : missing_;
      any_ = true;
    }
  }

  bool state(const Weight& root, const VariableTraining& known, Slot& slot) const {
    slot.state.clear();
    if (!known.stepped) return false;
    for (const auto& group : training_.optimizer->slots) {
      for (const std::string& name : group) {
        const auto contents = known.slots.find(name);
        if (contents == known.slots.end()) return false;
        auto view = same_view(slot.value, root.value, contents->second);
        if (!view) return false;
        slot.state.push_back(std::move(*view));
      }
    }
    return true;
  }

  Graph& graph_;
  const Registry& registry_;
  std::vector<std::pair<std::string, std::string>>& lossy_;
  Training& training_;
  std::set<std::string> regularized_;
  std::string missing_;
  bool any_ = false;
};

}  // namespace

void attach(Graph& graph, const Registry& registry, std::vector<std::pair<std::string, std::string>>& lossy) {
  if (graph.training) Attacher(graph, registry, lossy).run();
}

}  // namespace keraft::training
