#include "reading/trained.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/string.h"
#include "cards/loss_card.h"
#include "cards/optimizer_card.h"
#include "formats/keras/dict.h"
#include "formats/keras/portable_training.h"

namespace keraft::reading {

using namespace keraft::formats;  // this folder orders what those parts read
namespace {

constexpr std::string_view average = "average";

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

/// The optimizer of a checkpoint's object graph.
class Stored {
 public:
  Stored(const wire::ObjectGraph& graph, Checkpoint& checkpoint) : graph_(graph), checkpoint_(checkpoint) {
    optimizer_ = graph.nodes.empty() ? -1 : graph.child(0, "optimizer");
  }

  bool there() const { return optimizer_ >= 0; }
  /// TensorFlow's own ops take the steps of Keras' older optimizers.
  bool fused() const { return graph_.child(optimizer_, "iter") >= 0; }

  int64_t iterations(std::vector<std::string>& keys) const {
    for (const auto& [name, id] : at(optimizer_).children) keys.push_back(key(id));  // hyper-parameters, as the config has them
    for (const char* name : {"iter", "_iterations"}) {
      const int id = graph_.child(optimizer_, name);
      if (id < 0 || !checkpoint_.has(key(id))) continue;
      const Tensor value = checkpoint_.tensor(key(id));
      if (!is_integer(value.dtype) || value.elements() != 1) continue;
      return std::max<int64_t>(to_ints(value).front(), 0);
    }
    return 0;
  }

  /// Fills variable → slot → contents, for slots that `name_of` knows.
  template <class NameOf>
  void slots(NameOf&& name_of, Training& out, std::vector<std::string>& keys) const {
    const auto put = [&](int variable, const std::string& slot, int kept) {
      if (slot.empty() || variable < 0 || key(variable).empty() || !checkpoint_.has(key(kept))) return;
      VariableTraining& mine = out.variables[key(variable)];
      mine.stepped = mine.slots.emplace(slot, checkpoint_.tensor(key(kept))).second || mine.stepped;
      keys.push_back(key(kept));
    };
    for (const wire::Object::Slot& slot : at(optimizer_).slots) put(slot.variable, name_of(slot.name), slot.slot);
    std::map<std::string, std::vector<int>> variables;
    for (const int id : graph_.listed(graph_.child(0, "trainable_variables"))) variables[at(id).full_name].push_back(id);
    std::map<std::string, size_t> seen;
    for (const int id : graph_.listed(graph_.child(optimizer_, "_variables"))) {
      // "Adam/m/dense/kernel": variables of the same name come in the model's own order.
      const std::string& name = at(id).full_name;
      for (size_t cut = name.find('/'); cut != std::string::npos; cut = name.find('/', cut + 1)) {
        const size_t begin = cut == 0 ? std::string::npos : name.rfind('/', cut - 1);
        const auto found = variables.find(name.substr(cut + 1));
        const std::string slot = name_of(
            name.substr(begin == std::string::npos ? 0 : begin + 1, cut - (begin == std::string::npos ? 0 : begin + 1)));
        if (found == variables.end() || slot.empty()) continue;
        const size_t index = seen[name]++;
        if (index < found->second.size()) put(found->second[index], slot, id);
        break;
      }
    }
  }

  /// The variables that the model trains, by key.
  std::vector<std::string> trained() const {
    std::vector<std::string> out;
    for (const int id : graph_.listed(graph_.child(0, "trainable_variables"))) out.push_back(key(id));
    return out;
  }

 private:
  const wire::Object& at(int id) const { return graph_.nodes[static_cast<size_t>(id)]; }
  const std::string& key(int id) const { return at(id).checkpoint_key; }

  const wire::ObjectGraph& graph_;
  Checkpoint& checkpoint_;
  int optimizer_ = -1;
};

class Reader {
 public:
  Reader(const Dict& settings, const std::vector<Port>& outputs, const std::vector<std::string>& order, Checkpoint& checkpoint,
         const Registry& registry)
      : settings_(settings), outputs_(outputs), order_(order), checkpoint_(checkpoint), registry_(registry) {}

  Trained read() {
    losses();
    metrics();
    if (const Dict* optimizer = dict_in(settings_, "optimizer_config")) this->optimizer(*optimizer);
    return std::move(out_);
  }

 private:
  void note(const std::string& what) { out_.training.lossy.emplace_back("compile settings", what); }

  void losses() {
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
    out_.training.losses = std::move(found);
  }

  static std::string name_of(const Value& value) {
    const auto* text = value.get<std::string>();
    const Dict* dict = value.get<Dict>();
    const Dict* config = dict ? dict_in(*dict, "config") : nullptr;
    const std::string function = config ? text_or_empty(*config, "fn") : std::string();
    return base::escaped(text                ? *text
                         : !function.empty() ? function
                         : dict              ? text_or_empty(*dict, "class_name")
                                             : value.text());
  }

  std::optional<Loss> loss(const Value& value) const {
    const Dict* dict = value.get<Dict>();
    const auto* text = value.get<std::string>();
    const LossCard* card = loss_named(text ? *text : dict ? text_or_empty(*dict, "class_name") : std::string(), registry_);
    if (!card) return std::nullopt;
    Loss out;
    out.cls = card->cls;
    const Dict* config = dict ? dict_in(*dict, "config") : nullptr;
    for (const auto& [key, told] : config ? *config : Dict{}) {
      const Value entry = tidy_numbers(told);
      if (entry.null() || key == "name" || key == "fn") continue;
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

  /// A compiled model has put the output before the name, and does so again when it is loaded.
  static void drop_prefix(Value& metric, const std::string& prefix) {
    Dict* dict = metric.edit<Dict>();
    Dict* config = dict ? (*dict)["config"].edit<Dict>() : nullptr;
    const std::string name = config ? text_or_empty(*config, "name") : std::string();
    if (name.starts_with(prefix) && name.size() > prefix.size()) (*config)["name"] = name.substr(prefix.size());
  }

  void metrics() {
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
    out_.training.metrics = std::move(found);
  }

  void optimizer(const Dict& told) {
    const Dict* config = dict_in(told, "config");
    std::string cls = text_or_empty(told, "class_name");
    // What Keras 2.11 and later register of their own.
    if (cls.starts_with("Custom>") && config && config->contains("is_legacy_optimizer")) cls.erase(0, 7);
    const OptimizerCard* card = nullptr;
    for (const OptimizerCard* one : registry_.optimizers()) card = one->cls == cls ? one : card;
    if (!card || !config) return note("no card knows the optimizer " + base::escaped(cls) + "; the model is not compiled");
    const auto objects = checkpoint_.objects();
    if (!objects) return;
    const Stored stored(*objects, checkpoint_);
    if (!stored.there()) return;
    OptimizerStep all;
    if (!entries(*card, *config, all.config)) return;
    if (stored.fused()) all.config["_fused"] = true;
    const Dict before = all.config;
    for (const auto& group : card->slots) {
      for (const std::string& name : group) all.slots[name] = Tensor();
    }
    if (card->settle && !card->settle(all))
      return note("Keras takes other steps than this optimizer; the model is not compiled");
    Training& training = out_.training;
    Optimizer out;
    out.cls = card->cls;
    out.iterations = stored.iterations(out_.keys);
    stored.slots([&](const std::string& name) { return slot(*card, name); }, training, out_.keys);
    for (auto& [key, variable] : training.variables) {
      OptimizerStep mine;
      mine.config = before;
      mine.slots = std::move(variable.slots);
      if (card->settle) card->settle(mine);
      variable.slots = std::move(mine.slots);
    }
    std::set<std::string> kept;
    for (const auto& [name, nothing] : all.slots) kept.insert(name);
    out.slots = card->kept(kept);
    if (before.contains("use_ema")) out.slots.insert(out.slots.begin(), {std::string(average)});
    if (out.slots.empty() && out.iterations > 0) {
      for (const std::string& key : stored.trained()) training.variables[key].stepped = true;
    }
    std::erase_if(all.config, [](const auto& one) { return one.first.starts_with('_'); });
    out.config = std::move(all.config);
    for (const std::string& what : all.lossy) training.lossy.emplace_back(card->cls, what);
    training.optimizer = std::move(out);
  }

  static std::string slot(const OptimizerCard& card, const std::string& name) {
    if (name == average) return name;
    const auto other = card.other_names.find(name);
    const std::string& own = other == card.other_names.end() ? name : other->second;
    for (const auto& group : card.slots) {
      if (std::find(group.begin(), group.end(), own) != group.end()) return own;
    }
    return {};
  }

  /// What the config says, and the card's own defaults.
  bool entries(const OptimizerCard& card, const Dict& told, Dict& out) {
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

  const Dict& settings_;
  const std::vector<Port>& outputs_;
  const std::vector<std::string>& order_;
  Checkpoint& checkpoint_;
  const Registry& registry_;
  Trained out_;
};

}  // namespace

std::optional<Trained> read_trained(const KerasNotes& notes, const std::vector<Port>& outputs, Checkpoint& checkpoint,
                                    const Registry& registry, base::Budget& budget) {
  const auto note = notes.text.find(0);
  if (note == notes.text.end() || note->second.empty()) return std::nullopt;
  const Value model = parse_note(note->second, budget, {notes.file, {}, {}});
  const Dict* dict = model.get<Dict>();
  const Dict* settings = dict ? dict_in(*dict, "training_config") : nullptr;
  if (!settings) return std::nullopt;
  const KerasOrder order = keras_order(notes, budget);
  return Reader(*settings, outputs, order.outputs, checkpoint, registry).read();
}

}  // namespace keraft::reading
