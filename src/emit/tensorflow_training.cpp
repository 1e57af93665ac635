#include "emit/tensorflow_training.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/string.h"
#include "cards/loss_card.h"
#include "cards/number_tensor.h"
#include "cards/optimizer_card.h"
#include "cards/penalties.h"
#include "cards/wrapped.h"
#include "emit/python_text.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

constexpr const char* remedy = "; convert with --infer";

[[noreturn]] void refuse(const std::string& what, const std::string& where = {}) {
  throw Error(Status::unsupported, "a training step cannot say " + what + remedy, {{}, {}, where});
}

std::string indented(const std::string& text, size_t by) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out += laid_out(bracketed(text.substr(at, end - at)), by);
    at = end + 1;
  }
  return out;
}

/// The text with what stands for each name in braces.
std::string filled(const std::string& text, const std::map<std::string, std::string>& names) {
  std::string out;
  size_t at = 0;
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', at)) {
    const size_t close = text.find('}', open);
    out += text.substr(at, open - at) + names.at(text.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return out + text.substr(at);
}

bool same(const Value& a, const Value& b) { return a == b || (a.number() && a.number() == b.number()); }

/// The entries, and the card's own defaults.
Dict whole(Dict config, const Dict& defaults) {
  for (const auto& [key, value] : defaults) config.try_emplace(key, value);
  return config;
}

bool holds(const Dict& config, const Dict& when) {
  return std::all_of(when.begin(), when.end(), [&](const auto& one) {
    const auto found = config.find(one.first);
    return found != config.end() && same(found->second, one.second);
  });
}

const LossCard* card_of(const std::string& cls, const Registry& registry) {
  for (const LossCard* card : registry.losses()) {
    if (card->cls == cls) return card;
  }
  return nullptr;
}

const LossCard::Code* code_of(const Loss& loss, bool logits, const Registry& registry) {
  const LossCard* card = card_of(loss.cls, registry);
  if (!card) return nullptr;
  const Dict config = whole(loss.config, card->config);
  for (const LossCard::Code& code : card->codes) {
    if (code.logits_of.empty() != logits && holds(config, code.when)) return &code;
  }
  return nullptr;
}

/// The mean over all rows, as Keras takes it, or their sum.
std::string reduced(const LossCard::Code& code, const std::string& text, bool sum) {
  if (!sum) return "tf.reduce_mean(" + text + ")";
  return "tf.reduce_sum(" + (code.by_row ? text : "tf.reduce_mean(" + text + ", axis=-1)") + ")";
}

/// Statements that leave one loss in `name`.
std::string one_loss(const Loss& loss, const Judged& judged, const std::string& name, const Registry& registry) {
  const auto from_logits = loss.config.find("from_logits");
  const bool told = from_logits != loss.config.end() && from_logits->second == Value(true);
  const LossCard::Code* code = code_of(loss, judged.logits || told, registry);
  if (!code) refuse("the loss " + base::escaped(loss.cls) + " with this config");
  std::map<std::string, std::string> names{{"prediction", judged.prediction}, {"target", judged.target}};
  for (const auto& [key, value] : whole(loss.config, card_of(loss.cls, registry)->config)) names[key] = number_text(value);
  const std::string text = filled(code->text, names);
  const size_t last = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  const auto reduction = loss.config.find("reduction");
  const bool sum = reduction != loss.config.end() && reduction->second == Value("sum");
  return indented(text.substr(0, last), 12) + laid_out(bracketed(name + " = " + reduced(*code, text.substr(last), sum)), 12);
}

std::vector<std::pair<std::string, double>> penalties(const Layer& layer, const Slot& slot) {
  std::vector<std::pair<std::string, double>> out;
  const std::string key = cards::regularizer_of(slot.name);
  const auto entry = layer.config.find(key);
  const Dict* told = entry == layer.config.end() ? nullptr : entry->second.get<Dict>();
  if (!told) return out;
  const auto config = told->find("config");
  const Dict* factors = config == told->end() ? nullptr : config->second.get<Dict>();
  for (const auto& [name, value] : factors ? *factors : Dict{}) {
    const auto factor = value.number();
    if (!factor) refuse("the " + key + " " + entry->second.text(), layer.name);
    if (*factor != 0) out.emplace_back(name, *factor);
  }
  return out;
}

std::string slots_name(const std::string& slot) {
  return slot.ends_with('y') ? slot.substr(0, slot.size() - 1) + "ies" : slot + "s";
}

const OptimizerCard& card_of(const Optimizer& optimizer, const Registry& registry) {
  for (const OptimizerCard* card : registry.optimizers()) {
    if (card->cls == optimizer.cls) return *card;
  }
  refuse("the optimizer " + base::escaped(optimizer.cls));
}

/// What changes gradients before the step, of every optimizer: config entry, statement.
constexpr std::array<std::pair<const char*, const char*>, 3> clips{
    {{"clipnorm", "gradients = [tf.clip_by_norm(g, {clipnorm}) for g in gradients]"},
     {"global_clipnorm", "gradients, _ = tf.clip_by_global_norm(gradients, {global_clipnorm})"},
     {"clipvalue", "gradients = [tf.clip_by_value(g, -{clipvalue}, {clipvalue}) for g in gradients]"}}};

Tensor scalar(double value, DType dtype) { return cards::number_tensor(dtype, {}, {value}); }

}  // namespace

bool takes_logits(const Loss& loss, std::string_view op, const Registry& registry) {
  const LossCard* card = card_of(loss.cls, registry);
  const auto from_logits = loss.config.find("from_logits");
  if (from_logits != loss.config.end() && from_logits->second == Value(true)) return false;
  const LossCard::Code* code = card ? code_of(loss, true, registry) : nullptr;
  return code && std::find(code->logits_of.begin(), code->logits_of.end(), op) != code->logits_of.end();
}

std::string loss_code(const Graph& layers, const std::vector<Judged>& judged,
                      const std::vector<std::pair<std::string, std::string>>& variables, const Registry& registry) {
  const std::vector<Loss>& losses = layers.training->losses;
  std::string out, total;
  bool many = false;
  for (size_t i = 0; i < losses.size(); ++i) {
    const std::string name = losses.size() == 1 ? "loss" : judged[i].prediction + "_loss";
    out += one_loss(losses[i], judged[i], name, registry);
    many = many || losses.size() > 1 || losses[i].weight != 1;
    total += (total.empty() ? "" : " + ") + (losses[i].weight == 1 ? "" : number_text(losses[i].weight) + " * ") + name;
  }
  if (many) out += laid_out(bracketed("loss = " + total), 12);
  std::map<std::string, std::string> attributes;
  for (const auto& [attribute, weight] : variables) attributes[weight] = attribute;
  std::set<std::string> done;
  for (const Layer& layer : layers.layers) {
    for (const Slot& slot : layer.slots) {
      const auto attribute = attributes.find(layer.name + "/" + slot.name);
      if (attribute == attributes.end() || !done.insert(attribute->first).second) continue;
      for (const auto& [name, factor] : penalties(layer, slot)) {
        const LossCard* card = card_of(name, registry);
        if (!card || !card->penalty || card->codes.empty()) refuse("the regularizer's " + base::escaped(name), layer.name);
        const std::string term = filled(card->codes.front().text, {{"variable", "self." + attribute->second}});
        out += laid_out(bracketed("loss += " + float_text(factor) + " * " + term), 12);
      }
    }
  }
  return out;
}

std::string optimizer_code(const Optimizer& optimizer, DType dtype, const Registry& registry) {
  const OptimizerCard& card = card_of(optimizer, registry);
  const Dict config = whole(optimizer.config, card.config);
  const auto found =
      std::find_if(card.codes.begin(), card.codes.end(), [&](const auto& one) { return holds(config, one.when); });
  if (found == card.codes.end()) refuse("the steps of " + card.cls);
  const auto rate = config.find("learning_rate");
  if (rate == config.end() || !rate->second.number())
    refuse("a learning rate that follows a schedule: give the optimizer a number, or");
  const std::string type = dtype == DType::f32 ? "" : ", dtype=" + dtype_text(dtype);
  std::map<std::string, std::string> names{{"dtype", dtype_text(dtype)}, {"iterations", "self.iterations"}};
  std::string fields = laid_out(bracketed("self.learning_rate = tf.Variable(" + number_text(rate->second) + type +
                                          ", trainable=False, name=\"learning_rate\")"),
                                8);
  std::string texts = found->before + found->step;
  for (const auto& clip : clips) texts += config.contains(clip.first) ? clip.second : "";
  const bool decays = config.contains("weight_decay") && config.at("weight_decay").number().value_or(0) != 0;
  if (decays) texts += "{weight_decay}";
  for (const auto& [key, value] : config) {
    names[key] = "self." + key;
    if (key == "learning_rate" || texts.find("{" + key + "}") == std::string::npos) {
      const bool chooses = found->when.contains(key) || card.config.contains(key);
      if (key != "learning_rate" && !chooses && !same(value, Value(0.0))) refuse("the optimizer's " + base::escaped(key));
      continue;
    }
    fields += "        self." + key + " = " + number_text(value) + "\n";
  }
  std::string slots, zipped = "weights, gradients", unpacked = "weight, gradient";
  for (const auto& group : optimizer.slots) {
    for (const std::string& slot : group) {
      const auto start = card.slot_start.find(slot);
      const std::string first = start == card.slot_start.end() ? "" : ", " + number_text(config.at(start->second));
      slots += laid_out(bracketed("self." + slots_name(slot) + " = slots(weights, " + quoted(slot) + first + ")"), 8);
      zipped += ", self." + slots_name(slot);
      unpacked += ", " + slot;
    }
  }
  std::string out;
  if (!optimizer.slots.empty()) {
    const bool filled = !card.slot_start.empty();
    out += std::string("def slots(weights, name") + (filled ? ", value=0.0" : "") + "):\n";
    out += "    \"\"\"A variable for each of the weights, in which an optimizer keeps what it has seen.\"\"\"\n    return [\n";
    out += filled ? "        tf.Variable(\n            tf.zeros_like(w) + value, trainable=False, "
                    "name=f\"{w.name[:-2]}/{name}\"\n        )\n"
                  : "        tf.Variable(tf.zeros_like(w), trainable=False, name=f\"{w.name[:-2]}/{name}\")\n";
    out += "        for w in weights\n    ]\n\n\n";
  }
  out += "class " + card.cls + "(tf.Module):\n    \"\"\"" + card.summary + ".\"\"\"\n\n    def __init__(self" +
         (optimizer.slots.empty() ? "" : ", weights") + "):\n        super().__init__()\n" + fields;
  out += laid_out(bracketed("self.iterations = tf.Variable(0, trainable=False, dtype=tf.int64, name=\"iterations\")"), 8);
  out += slots + "\n    def apply(self, weights, gradients):\n        self.iterations.assign_add(1)\n";
  out += indented(filled(found->before, names), 8);
  for (const auto& clip : clips) {
    if (config.contains(clip.first)) out += indented(filled(clip.second, names), 8);
  }
  out += laid_out(bracketed("for " + unpacked + " in zip(" + zipped + ")"), 8, ":");
  if (decays) out += indented(filled("weight.assign_sub({weight_decay} * {learning_rate} * weight)", names), 12);
  return out + indented(filled(found->step, names), 12);
}

std::vector<std::pair<std::string, Tensor>> optimizer_weights(const Graph& layers, DType dtype, const Registry& registry) {
  const Optimizer& optimizer = *layers.training->optimizer;
  std::vector<std::pair<std::string, Tensor>> out;
  const auto rate = optimizer.config.at("learning_rate").number();
  if (rate) out.emplace_back("learning_rate", scalar(*rate, dtype));
  out.emplace_back("iterations", scalar(static_cast<double>(optimizer.iterations), DType::i64));
  if (!optimizer.state) return out;
  for (const Layer& layer : layers.layers) {
    for (const Slot& slot : layer.slots) {
      const auto spec = cards::spec_of(layer, slot.name, registry);
      if (!layer.trainable || (spec && !spec->trainable)) continue;
      size_t at = 0;
      for (const auto& group : optimizer.slots) {
        for (const std::string& kept : group) {
          if (at >= slot.state.size()) throw Error(Status::internal, "the optimizer's state is missing", {{}, {}, layer.name});
          out.emplace_back(layer.name + "/" + slot.name + "/" + kept, slot.state[at++]);
        }
      }
    }
  }
  return out;
}

void check_training(const Graph& layers, const Registry& registry) {
  std::set<Edge> masked;
  for (const NodeId id : layers.order()) {
    const Node& node = layers.at(id);
    if (node.layer < 0) continue;
    const Layer& layer = layers.layers[static_cast<size_t>(node.layer)];
    const LayerCard* card = registry.layer(layer.cls);
    std::set<std::string> known;
    for (const Slot& slot : layer.slots) known.insert(cards::regularizer_of(slot.name));
    for (const auto& [key, value] : layer.config) {
      const bool penalty = key.ends_with("_regularizer") && !known.contains(key);
      if ((penalty || key.ends_with("_constraint")) && !value.null()) refuse("the " + key, layer.name);
    }
    if (!card) continue;
    const bool begins =
        card->value(layer.config, "mask_zero") == Value(true) || card->value(layer.config, "mask_value").number();
    const bool hands_on = card->hands_masks_on && !node.inputs.empty() && masked.contains(node.inputs.front());
    if (begins || hands_on) masked.insert({id, 0});
  }
  for (const Port& port : layers.outputs) {
    if (masked.contains(port.edge)) refuse("a mask that reaches the loss", port.name);
  }
}

}  // namespace keraft::emit
