#include "formats/keras/former.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "base/string.h"
#include "cards/wrapped.h"
#include "formats/keras/dict.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

/// Arguments of Keras 1 that mean the same in every class; "" says nothing any more.
constexpr std::array<Words, 25> arguments{{{"init", "kernel_initializer"},
                                           {"inner_init", "recurrent_initializer"},
                                           {"W_regularizer", "kernel_regularizer"},
                                           {"U_regularizer", "recurrent_regularizer"},
                                           {"b_regularizer", "bias_regularizer"},
                                           {"W_constraint", "kernel_constraint"},
                                           {"U_constraint", "recurrent_constraint"},
                                           {"b_constraint", "bias_constraint"},
                                           {"bias", "use_bias"},
                                           {"border_mode", "padding"},
                                           {"inner_activation", "recurrent_activation"},
                                           {"dropout_W", "dropout"},
                                           {"dropout_U", "recurrent_dropout"},
                                           {"dim_ordering", "data_format"},
                                           {"consume_less", ""},
                                           {"input_dim", ""},
                                           {"input_length", ""},
                                           {"input_dtype", ""},
                                           {"activity_regularizer", "activity_regularizer"},
                                           {"name", "name"},
                                           {"trainable", "trainable"},
                                           {"dtype", "dtype"},
                                           {"batch_input_shape", "batch_input_shape"},
                                           {"sparse", "sparse"},
                                           {"ragged", "ragged"}}};

constexpr std::array<Words, 4> initializers{
    {{"zero", "zeros"}, {"one", "ones"}, {"uniform", "random_uniform"}, {"normal", "random_normal"}}};

template <size_t N>
std::string_view renamed(const std::array<Words, N>& all, std::string_view word, std::string_view otherwise) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Words& one) { return one.first == word; });
  return found == all.end() ? otherwise : found->second;
}

Dict object(const char* cls, Dict config) { return {{"class_name", cls}, {"config", std::move(config)}}; }

/// {"name": "WeightRegularizer", "l1": …, "l2": …}; {"name": "MaxNorm", "m": …, "axis": …}
Value object_of(std::string_view field, const Value& value) {
  const Dict* dict = value.get<Dict>();
  if (!dict || dict->contains("class_name")) return value;
  Dict config = *dict;
  const std::string cls = text_or_empty(config, "name");
  config.erase("name");
  if (field.ends_with("_regularizer")) return object("L1L2", std::move(config));
  if (const auto limit = config.extract("m"); !limit.empty()) config.emplace("max_value", limit.mapped());
  return object(cls.c_str(), std::move(config));
}

Value word_of(std::string_view field, const Value& value) {
  const std::string* text = value.get<std::string>();
  if (field.ends_with("_initializer") && text) return std::string(renamed(initializers, *text, *text));
  if (field.ends_with("_regularizer") || field.ends_with("_constraint")) return object_of(field, value);
  if (field == "data_format" && text)
    return *text == "th" ? Value("channels_first") : *text == "tf" ? Value("channels_last") : value;
  return value;
}

class Translator {
 public:
  Translator(const Registry& registry, const std::string& path, bool keras1) : registry_(registry), path_(path) {
    out_.keras1 = keras1;
    for (const LayerCard* card : registry.layers()) {
      for (const LayerCard::Former& former : card->formers) formers_[former.cls].emplace_back(card, &former);
    }
  }

  Former translate(Value& model, int depth) {
    if (out_.keras1) look_for_orders(model, depth);
    layer(model, depth);
    if (!problems_.empty()) {
      std::string all;
      for (const auto& [name, why] : problems_) all += (all.empty() ? "" : "; ") + base::escaped(name) + ": " + why;
      throw Error(Status::unsupported, "Keras 1 has what no later Keras has: " + all, {path_, {}, problems_.front().first});
    }
    return out_;
  }

 private:
  using Of = std::pair<const LayerCard*, const LayerCard::Former*>;

  void look_for_orders(const Value& value, int depth) {
    if (depth < 0) return;
    if (const List* list = value.get<List>()) {
      for (const Value& one : *list) look_for_orders(one, depth - 1);
    }
    const Dict* dict = value.get<Dict>();
    if (!dict) return;
    for (const auto& [key, one] : *dict) {
      if (key == "dim_ordering") {
        out_.first = out_.first || one == Value("th");
        out_.last = out_.last || one == Value("tf");
      } else {
        look_for_orders(one, depth - 1);
      }
    }
  }

  void layer(Value& value, int depth) {
    Dict* dict = value.edit<Dict>();
    if (!dict || depth < 0) return;
    const std::string cls = text_or_empty(*dict, "class_name");
    Value* held = dict->edit("config");
    if (is_model(cls)) {
      if (List* layers = layers_of(value)) {
        for (Value& one : *layers) layer(one, depth - 1);
        if (held->get<List>()) list_alone(*dict, *held);
      }
      return;
    }
    Dict* config = held ? held->edit<Dict>() : nullptr;
    if (!config) return;
    const std::string own = text_or_empty(*config, "name");
    const Of former = former_of(cls, *config);
    const LayerCard* card = former.first ? former.first : registry_.layer(cls);
    if (card) {
      for (const LayerCard::Part& part : card->parts) {
        if (Value* inner = config->edit(part.field)) layer(*inner, depth - 1);
      }
    }
    if (former.first) (*dict)["class_name"] = former.first->cls;
    if (!out_.keras1) {
      if (former.first) config->insert(former.second->config.begin(), former.second->config.end());
      return;
    }
    if (cls == "Lambda") return;  // the reader says why
    if (cls == "InputLayer") {
      if (auto dtype = config->extract("input_dtype"); !dtype.empty()) config->try_emplace("dtype", dtype.mapped());
      return;
    }
    if (!card) {
      problems_.emplace_back(own, "the class " + base::escaped(cls));
      return;
    }
    try {
      *config = entries_of(*config, *card, former.second, own);
    } catch (const Error& error) {
      if (error.status() != Status::unsupported) throw;
      problems_.emplace_back(own, error.message());
    }
  }

  /// A Sequential model of Keras 1 is a list of layers; those of one in its place are its own, and it has the name that its
  /// model gives it.
  static void list_alone(Dict& model, Value& config) {
    List layers;
    for (const Value& one : *config.get<List>()) {
      const Dict* inner = one.get<Dict>();
      const Dict* entries = inner && text_or_empty(*inner, "class_name") == "Sequential" ? dict_in(*inner, "config") : nullptr;
      const List* inside = entries && !entries->contains("name") ? list_in(*entries, "layers") : nullptr;
      if (inside)
        layers.insert(layers.end(), inside->begin(), inside->end());
      else
        layers.push_back(one);
    }
    Dict said{{"layers", std::move(layers)}};
    if (const std::string name = text_or_empty(model, "name"); !name.empty()) said["name"] = name;
    config = Value(std::move(said));
  }

  Of former_of(const std::string& cls, const Dict& config) const {
    const auto found = formers_.find(cls);
    if (found == formers_.end() || (!out_.keras1 && registry_.layer(cls))) return {};
    for (const Of& one : found->second) {
      const Dict& when = one.second->when;
      const bool fits = std::all_of(when.begin(), when.end(), [&](const auto& entry) {
        const auto at = config.find(entry.first);
        return at != config.end() && at->second == entry.second;
      });
      if (fits) return one;
    }
    return {};
  }

  /// The entries in today's words. What says nothing is left out.
  Dict entries_of(Dict then, const LayerCard& card, const LayerCard::Former* former, const std::string& own) {
    const Dict all = then;
    Dict now;
    const auto put = [&](std::string_view field, const Value& value) {
      if (!field.empty() && !value.null()) now.emplace(std::string(field), word_of(field, value));
    };
    for (const auto& [names, field] : former ? former->fields : std::vector<std::pair<std::string, std::string>>{}) {
      List values;
      const auto parts = base::split(names, ' ');
      for (const std::string& name : parts) {
        if (const auto entry = then.extract(name); !entry.empty()) values.push_back(entry.mapped());
      }
      if (values.size() == parts.size()) put(field, parts.size() == 1 ? values.front() : Value(std::move(values)));
    }
    std::string left;
    for (const auto& [key, value] : then) {
      const std::string_view field = renamed(arguments, key, key);
      const bool known = field != key || renamed(arguments, key, "?") == key || card.field(key);
      if (!known && !value.null()) left += (left.empty() ? "" : ", ") + base::escaped(key);
      if (known) put(field, value);
    }
    if (!left.empty()) throw Error(Status::unsupported, "arguments of " + card.cls + ": " + left);
    if (former) now.insert(former->config.begin(), former->config.end());
    if (former && former->saves_no_order && !now.contains("data_format")) {
      if (out_.first == out_.last)
        throw Error(Status::format,
                    "the file does not say which axis has the channels, and no other layer tells it; load and save the model "
                    "with Keras 2",
                    {path_, {}, own});
      now["data_format"] = out_.first ? "channels_first" : "channels_last";
    }
    if (former && former->settle) former->settle(all, now);
    as_lists(card, now);
    return now;
  }

  /// A window of one axis is a number in Keras 1.
  static void as_lists(const LayerCard& card, Dict& config) {
    for (auto& [key, value] : config.edit()) {
      const LayerCard::Field* field = card.field(key);
      const bool list = (field && field->fallback && field->fallback->get<List>()) || key == "kernel_size";
      if (list && value.get<int64_t>()) value = Value::ints({*value.get<int64_t>()});
    }
  }

  const Registry& registry_;
  const std::string& path_;
  Former out_;
  std::map<std::string, std::vector<Of>, std::less<>> formers_;
  std::vector<std::pair<std::string, std::string>> problems_;  ///< layer, what of it has no successor
};

}  // namespace

Former say_as_today(Value& model, const std::string& version, const Registry& registry, int max_depth,
                    const std::string& path) {
  return Translator(registry, path, version == "1" || version.starts_with("1.")).translate(model, max_depth);
}

void lay_out_as_today(Layer& layer, std::vector<Tensor>& stored, OlderFile file, const Registry& registry) {
  std::vector<cards::Part> parts = cards::parts(layer, registry);
  const LayerCard* card = registry.layer(layer.cls);
  if (parts.empty() && card && card->older_weights_fn) card->older_weights_fn(layer.config, stored, file);
  if (parts.empty() || stored.size() % parts.size() != 0) return;
  const auto each = static_cast<std::ptrdiff_t>(stored.size() / parts.size());
  std::vector<Tensor> out;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto begin = stored.begin() + static_cast<std::ptrdiff_t>(i) * each;
    std::vector<Tensor> some(begin, begin + each);
    lay_out_as_today(parts[i].layer, some, file, registry);
    out.insert(out.end(), some.begin(), some.end());
  }
  stored = std::move(out);
}

bool has_flipped_kernels(const Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  const std::vector<cards::Part> parts = cards::parts(layer, registry);
  return (card && card->flips_kernels) || std::any_of(parts.begin(), parts.end(), [&](const cards::Part& part) {
           return has_flipped_kernels(part.layer, registry);
         });
}

}  // namespace keraft::formats
