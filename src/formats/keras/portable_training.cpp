#include "formats/keras/portable_training.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "cards/loss_card.h"
#include "formats/keras/dict.h"
#include "formats/keras/names.h"
#include "ir/keras_object.h"
#include "ir/number.h"

namespace keraft::formats {
namespace {

/// A class that all Keras lines have, with the config entries that all of them take besides name and dtype.
struct Known {
  std::string_view cls;
  std::vector<std::string_view> entries;
};

const std::vector<Known>& schedules() {
  static const std::vector<Known> all = {
      {"ExponentialDecay", {"initial_learning_rate", "decay_steps", "decay_rate", "staircase"}},
      {"InverseTimeDecay", {"initial_learning_rate", "decay_steps", "decay_rate", "staircase"}},
      {"PolynomialDecay", {"initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle"}},
      {"PiecewiseConstantDecay", {"boundaries", "values"}},
      {"CosineDecay", {"initial_learning_rate", "decay_steps", "alpha", "warmup_target", "warmup_steps"}},
      {"CosineDecayRestarts", {"initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha"}},
  };
  return all;
}

const std::vector<Known>& metrics() {
  static const std::vector<Known> all = {
      {"Accuracy", {}},
      {"BinaryAccuracy", {"threshold"}},
      {"CategoricalAccuracy", {}},
      {"SparseCategoricalAccuracy", {}},
      {"TopKCategoricalAccuracy", {"k"}},
      {"SparseTopKCategoricalAccuracy", {"k"}},
      {"MeanSquaredError", {}},
      {"RootMeanSquaredError", {}},
      {"MeanAbsoluteError", {}},
      {"MeanAbsolutePercentageError", {}},
      {"MeanSquaredLogarithmicError", {}},
      {"LogCoshError", {}},
      {"Poisson", {}},
      {"KLDivergence", {}},
      {"Hinge", {}},
      {"SquaredHinge", {}},
      {"CategoricalHinge", {}},
      {"BinaryCrossentropy", {"from_logits", "label_smoothing"}},
      {"CategoricalCrossentropy", {"from_logits", "label_smoothing"}},
      {"SparseCategoricalCrossentropy", {"from_logits", "axis"}},
      {"AUC", {"num_thresholds", "curve", "summation_method", "multi_label", "num_labels", "label_weights", "from_logits"}},
      {"Precision", {"thresholds", "top_k", "class_id"}},
      {"Recall", {"thresholds", "top_k", "class_id"}},
      {"TruePositives", {"thresholds"}},
      {"TrueNegatives", {"thresholds"}},
      {"FalsePositives", {"thresholds"}},
      {"FalseNegatives", {"thresholds"}},
  };
  return all;
}

/// Names that Keras resolves by what the model's output looks like.
constexpr std::array<std::string_view, 4> guessed{"accuracy", "acc", "crossentropy", "ce"};

const Known* find(const std::vector<Known>& all, std::string_view cls) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Known& one) { return one.cls == cls; });
  return found == all.end() ? nullptr : &*found;
}

/// The config with the entries that are known; nothing when another one says something.
std::optional<Dict> kept(const Dict& config, const Known& known, const std::set<std::string_view>& unsaid) {
  Dict out;
  for (const auto& [key, value] : config) {
    const bool has = std::find(known.entries.begin(), known.entries.end(), key) != known.entries.end();
    if (has && !value.null()) out[key] = tidy_numbers(value);
    if (!has && !unsaid.contains(key) && !nothing(value)) return std::nullopt;
  }
  return out;
}

const Known* metric_of_function(const std::string& function, const Registry& registry) {
  const LossCard* loss = loss_named(function, registry);
  for (const Known& one : metrics()) {
    if (snake_case(one.cls) == function || (loss && loss->cls == one.cls)) return &one;
  }
  return function == "log_cosh" || function == "logcosh" ? find(metrics(), "LogCoshError") : nullptr;
}

}  // namespace

Value tidy_numbers(const Value& value) {
  if (const double* number = value.get<double>()) return ir::shortest(*number);
  if (const List* list = value.get<List>()) {
    List out;
    for (const Value& one : *list) out.push_back(tidy_numbers(one));
    return out;
  }
  return value;
}

std::optional<Value> portable_schedule(const Value& value) {
  const Dict* dict = value.get<Dict>();
  const Value* config = dict ? entry(*dict, "config") : nullptr;
  const Known* known = dict ? find(schedules(), text_or_empty(*dict, "class_name")) : nullptr;
  if (!known || !config || !config->get<Dict>()) return std::nullopt;
  auto entries = kept(*config->get<Dict>(), *known, {"name"});
  if (!entries) return std::nullopt;
  // Keras before 2.12 knows no warmup.
  if (!entries->contains("warmup_target")) entries->erase("warmup_steps");
  return ir::keras_object("keras.optimizers.schedules", known->cls, std::move(*entries));
}

std::optional<Value> portable_metric(const Value& value, const Registry& registry) {
  std::string name, function;
  Dict config;
  if (const auto* text = value.get<std::string>()) {
    if (std::find(guessed.begin(), guessed.end(), *text) != guessed.end()) return value;
    name = function = *text;
  } else if (const Dict* dict = value.get<Dict>()) {
    const Value* inside = entry(*dict, "config");
    if (!inside || !inside->get<Dict>()) return std::nullopt;
    config = *inside->get<Dict>();
    name = text_or_empty(config, "name");
    const std::string cls = text_or_empty(*dict, "class_name");
    function = cls == "MeanMetricWrapper" ? text_or_empty(config, "fn") : snake_case(cls);
    if (cls != "MeanMetricWrapper" && !find(metrics(), cls)) return std::nullopt;
    if (cls == "LogCoshError") function = "log_cosh";
  }
  const Known* known = metric_of_function(function, registry);
  auto entries = known ? kept(config, *known, {"name", "dtype", "fn"}) : std::nullopt;
  if (!entries) return std::nullopt;
  (*entries)["name"] = name.empty() ? snake_case(known->cls) : name;
  return ir::keras_object("keras.metrics", known->cls, std::move(*entries));
}

const LossCard* loss_named(const std::string& name, const Registry& registry) {
  for (const LossCard* card : registry.losses()) {
    if (card->penalty) continue;
    if (card->cls == name || snake_case(card->cls) == name) return card;
    if (std::find(card->names.begin(), card->names.end(), name) != card->names.end()) return card;
  }
  return nullptr;
}

}  // namespace keraft::formats
