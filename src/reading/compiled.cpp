#include "reading/compiled.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/string.h"
#include "cards/loss_card.h"
#include "cards/wrapped.h"
#include "formats/keras/dict.h"
#include "formats/keras/layout.h"
#include "formats/keras/portable_training.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

/// Of every optimizer.
constexpr std::array<std::string_view, 7> common{"weight_decay", "clipnorm",     "global_clipnorm",        "clipvalue",
                                                 "use_ema",      "ema_momentum", "ema_overwrite_frequency"};
constexpr std::array<std::string_view, 4> no_meaning{"name", "jit_compile", "is_legacy_optimizer", "decay"};

template <size_t N>
bool has_name(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What a setting says of each output: one value for all, a list in their order, or a dict by their names.
std::vector<Value> by_output(const Value* value, const std::vector<Port>& outputs, const std::vector<std::string>& order) {
  std::vector<Value> out(outputs.size());
  const List* list = value ? value->get<List>() : nullptr;
  const Dict* dict = value ? value->get<Dict>() : nullptr;
  const bool one_object = dict && dict->contains("class_name");
  for (size_t i = 0; value && i < outputs.size(); ++i) {
    if (list) {
      const auto named = std::find(order.begin(), order.end(), outputs[i].name);
      const size_t index = outputs.size() == 1 ? 0 : static_cast<size_t>(named - order.begin());
      if (index < list->size()) out[i] = (*list)[index];
    } else if (dict && !one_object) {
      const Value* mine = entry(*dict, outputs[i].name);
      if (mine) out[i] = *mine;
    } else {
      out[i] = *value;
    }
  }
  return out;
}

/// The function that a loss is an object for.
std::string function_of(const Value& value) {
  const Dict* dict = value.get<Dict>();
  const Dict* config = dict ? dict_in(*dict, "config") : nullptr;
  if (config) return text_or_empty(*config, "fn");
  return dict && text_or_empty(*dict, "class_name") == "function" ? text_or_empty(*dict, "config") : std::string();
}

std::string name_of(const Value& value) {
  const auto* text = value.get<std::string>();
  const Dict* dict = value.get<Dict>();
  const std::string function = function_of(value);
  return base::escaped(text ? *text : !function.empty() ? function : dict ? text_or_empty(*dict, "class_name") : value.text());
}

/// A compiled model has put the output before the name, and does so again when it is loaded.
void drop_prefix(Value& metric, const std::string& prefix) {
  Dict* dict = metric.edit<Dict>();
  Dict* config = dict ? (*dict)["config"].edit<Dict>() : nullptr;
  const std::string name = config ? text_or_empty(*config, "name") : std::string();
  if (name.starts_with(prefix) && name.size() > prefix.size()) (*config)["name"] = name.substr(prefix.size());
}

}  // namespace

void Compiled::losses() {
  const auto all = by_output(entry(settings_, "loss"), outputs_, order_);
  const auto weights = by_output(entry(settings_, "loss_weights"), outputs_, order_);
  std::vector<Loss> found;
  for (size_t i = 0; i < all.size(); ++i) {
    auto one = loss(all[i]);
    if (!one) {
      return note(all[i].null() ? "the loss does not judge every output; the model is not compiled"
                                : "no card knows the loss " + name_of(all[i]) + "; the model is not compiled");
    }
    if (const auto weight = weights[i].number()) one->weight = tidy_numbers(Value(*weight)).number().value_or(*weight);
    found.push_back(std::move(*one));
  }
  out_.losses = std::move(found);
}

std::optional<Loss> Compiled::loss(const Value& value) const {
  const Dict* dict = value.get<Dict>();
  const auto* text = value.get<std::string>();
  const std::string function = function_of(value);
  const LossCard* card = loss_named(text                ? *text
                                    : !function.empty() ? function
                                    : dict              ? text_or_empty(*dict, "class_name")
                                                        : std::string(),
                                    registry_);
  if (!card) return std::nullopt;
  Loss out;
  out.cls = card->cls;
  const Dict* config = dict ? dict_in(*dict, "config") : nullptr;
  for (const auto& [key, told] : config ? *config : Dict{}) {
    const Value entry = tidy_numbers(told);
    if (entry.null() || key == "name" || key == "fn" || key == "dtype") continue;
    if (key == "reduction") {
      if (entry == Value("sum"))
        out.config[key] = entry;
      else if (!(entry == Value("auto")) && !(entry == Value("sum_over_batch_size")))
        return std::nullopt;
      continue;
    }
    const auto known = card->config.find(key);
    if (known == card->config.end()) return std::nullopt;
    if (!(entry == known->second) && !(entry.number() && entry.number() == known->second.number())) out.config[key] = entry;
  }
  return out;
}

void Compiled::metrics() {
  std::vector<List> found(outputs_.size());
  const Value* value = entry(settings_, "metrics");
  const List* list = value ? value->get<List>() : nullptr;
  // A list of names is for every output; older Keras keeps it as it was given.
  const bool flat =
      list && std::none_of(list->begin(), list->end(), [](const Value& one) { return one.get<List>() || one.null(); });
  const auto all = flat ? std::vector<Value>(outputs_.size(), *value) : by_output(value, outputs_, order_);
  for (size_t i = 0; i < all.size(); ++i) {
    const List* some = all[i].get<List>();
    for (const Value& one : some ? *some : List{all[i]}) {
      if (one.null()) continue;
      if (auto metric = portable_metric(one, registry_)) {
        if (outputs_.size() > 1) drop_prefix(*metric, outputs_[i].name + "_");
        found[i].push_back(std::move(*metric));
      } else {
        note("the metric " + name_of(one) + " is left out: it is none that all Keras versions have");
      }
    }
  }
  const Value* weighted = entry(settings_, "weighted_metrics");
  if (weighted && !weighted->null() && !(*weighted == Value(List{}))) note("weighted metrics are left out");
  out_.metrics = std::move(found);
}

const Dict* Compiled::told() const {
  const Dict* file = dict_in(settings_, "optimizer");
  return file ? file : dict_in(settings_, "optimizer_config");
}

const OptimizerCard* Compiled::optimizer_card() {
  const Dict* dict = told();
  if (!dict) return nullptr;
  const Dict* config = dict_in(*dict, "config");
  std::string cls = text_or_empty(*dict, "class_name");
  // What Keras 2.11 and later register of their own.
  if (cls.starts_with("Custom>") && config && config->contains("is_legacy_optimizer")) cls.erase(0, 7);
  const OptimizerCard* card = nullptr;
  for (const OptimizerCard* one : registry_.optimizers()) card = one->cls == cls ? one : card;
  if (card && config) return card;
  note("no card knows the optimizer " + base::escaped(cls) + "; the model is not compiled");
  return nullptr;
}

std::optional<Compiled::Settled> Compiled::settled(const OptimizerCard& card, bool fused) {
  Settled out;
  if (!entries(card, *dict_in(*told(), "config"), out.step.config)) return std::nullopt;
  if (fused) out.step.config["_fused"] = true;
  out.before = out.step.config;
  for (const auto& group : card.slots) {
    for (const std::string& name : group) out.step.slots[name] = Tensor();
  }
  if (card.settle && !card.settle(out.step)) {
    note("Keras takes other steps than this optimizer; the model is not compiled");
    return std::nullopt;
  }
  std::erase_if(out.step.config.edit(), [](const auto& one) { return one.first.starts_with('_'); });
  return out;
}

OptimizerCard::Slots Compiled::kept(const OptimizerCard& card, const Settled& settled) {
  std::set<std::string> names;
  for (const auto& [name, nothing] : settled.step.slots) names.insert(name);
  OptimizerCard::Slots out = card.kept(names);
  if (settled.before.contains("use_ema")) out.insert(out.begin(), {std::string(average)});
  return out;
}

/// What the config says, and the card's own defaults.
bool Compiled::entries(const OptimizerCard& card, const Dict& told, Dict& out) {
  out = card.config;
  const auto refuse = [&](const std::string& what) { return note(what + "; the model is not compiled"), false; };
  const Value* averaged = entry(told, "use_ema");
  for (const auto& [key, value] : told) {
    if (value.null() || has_name(no_meaning, key)) continue;
    if (key == "learning_rate" || card.config.contains(key)) {
      out[key] = tidy_numbers(value);
    } else if (has_name(common, key)) {
      const bool unused = key.starts_with("ema_") && !(averaged && *averaged == Value(true));
      if (!unused && !(value == Value(false))) out[key] = tidy_numbers(value);
    } else if (!(value == Value(false))) {
      return refuse("the optimizer's " + base::escaped(key) + " is unknown");
    }
  }
  Value& rate = out["learning_rate"];
  const Value* decay = entry(told, "decay");
  const Value slower = decay ? tidy_numbers(*decay) : Value();
  if (rate.number() && slower.number().value_or(0) != 0) {
    Dict config{{"initial_learning_rate", rate}, {"decay_steps", 1}, {"decay_rate", slower}};
    rate = Dict{{"class_name", "InverseTimeDecay"}, {"config", std::move(config)}};
  }
  if (rate.number()) return true;
  auto schedule = portable_schedule(rate);
  if (!schedule) return refuse("the learning rate follows a schedule that not every Keras has");
  rate = std::move(*schedule);
  return true;
}

namespace {

/// Keras' variables behind the count of steps and the learning rate, in the order of its files; false when they are others.
bool fill_state(Graph& graph, const Optimizer& optimizer, const Registry& registry) {
  const std::vector<Tensor>& stored = graph.training->stored;
  std::vector<Slot*> trained;
  for (Layer& layer : graph.layers) {
    for (Slot& slot : layer.slots) {
      if (layer.trainable && is_trained(layer, slot, registry)) trained.push_back(&slot);
    }
  }
  size_t count = 0;
  for (const auto& group : optimizer.slots) count += group.size() * trained.size();
  if (stored.size() != count + 1 && stored.size() != count + 2) return false;
  size_t at = stored.size() - count;
  for (const auto& group : optimizer.slots) {
    for (Slot* slot : trained) {
      for (size_t i = 0; i < group.size(); ++i, ++at) {
        if (stored[at].dims != slot->value.dims || stored[at].dtype != slot->value.dtype) return false;
        slot->state.push_back(stored[at]);
      }
    }
  }
  return true;
}

}  // namespace

void read_compiled(Graph& graph, const Registry& registry, std::vector<std::pair<std::string, std::string>>& lossy) {
  if (!graph.training || graph.training->settings.empty()) return;
  Training& training = *graph.training;
  std::vector<std::string> order;
  for (const Port& port : graph.outputs) order.push_back(port.name);
  const Dict settings = training.settings;
  Compiled compiled(settings, graph.outputs, order, registry, training);
  compiled.losses();
  compiled.metrics();
  const OptimizerCard* card = compiled.optimizer_card();
  const auto settled = card ? compiled.settled(*card, false) : std::nullopt;
  if (settled) {
    Optimizer out;
    out.cls = card->cls;
    out.config = settled->step.config;
    out.slots = Compiled::kept(*card, *settled);
    out.state = !training.stored.empty() && fill_state(graph, out, registry);
    if (!out.state) {
      for (Layer& layer : graph.layers) {
        for (Slot& slot : layer.slots) slot.state.clear();
      }
    } else if (is_integer(training.stored.front().dtype) && training.stored.front().elements() == 1) {
      out.iterations = std::max<int64_t>(to_ints(training.stored.front()).front(), 0);
    }
    training.optimizer = std::move(out);
  }
  lossy.insert(lossy.end(), training.lossy.begin(), training.lossy.end());
}

}  // namespace keraft::reading
