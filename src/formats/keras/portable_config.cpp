#include "formats/keras/portable_config.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "cards/class_names.h"
#include "cards/layer_card.h"
#include "cards/wrapped.h"
#include "formats/keras/dict.h"
#include "ir/keras_object.h"

namespace keraft::formats {
namespace {

/// What stands for functions in a config: how the entry ends, where Keras keeps them, and those that all Keras lines have.
struct Family {
  std::string_view entry, module;
  bool named;  ///< a class without settings may stand there as its name
  std::vector<std::string_view> classes;
};

const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {"initializer",
       "keras.initializers",
       true,
       {"Zeros", "Ones", "Constant", "RandomUniform", "RandomNormal", "TruncatedNormal", "VarianceScaling", "GlorotUniform",
        "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal", "Orthogonal"}},
      {"regularizer", "keras.regularizers", false, {"L1", "L2", "L1L2", "OrthogonalRegularizer"}},
      {"constraint", "keras.constraints", false, {"MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm"}},
  };
  return all;
}

/// How a model was built, or another spelling of what the layer does anyway.
constexpr std::array<std::string_view, 8> no_meaning{"input_length", "query_shape", "key_shape",      "value_shape",
                                                     "fused",        "batch_size",  "implementation", "build_config"};
/// Says how to do what another entry asks for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> matters_with{
    {{"renorm_momentum", "renorm"}, {"renorm_clipping", "renorm"}}};
/// What a weight starts as where nothing is said, by the beginning of the entry.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> usual_initializers{{{"kernel", "GlorotUniform"},
                                                                                           {"depthwise", "GlorotUniform"},
                                                                                           {"pointwise", "GlorotUniform"},
                                                                                           {"recurrent", "Orthogonal"},
                                                                                           {"bias", "Zeros"},
                                                                                           {"beta", "Zeros"},
                                                                                           {"gamma", "Ones"},
                                                                                           {"moving_mean", "Zeros"},
                                                                                           {"moving_variance", "Ones"}}};
/// Acts in training alone; null is the default.
constexpr std::array<std::string_view, 2> training_only{"seed", "noise_shape"};

template <size_t N>
bool has_name(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The value that an entry has where the layer has no such choice.
const Dict& fixed_entries() {
  static const Dict entries{{"groups", 1}};
  return entries;
}

bool is_usual(std::string_view key, const Value& initializer) {
  return std::any_of(usual_initializers.begin(), usual_initializers.end(), [&](const auto& pair) {
    return key == std::string(pair.first) + "_initializer" && initializer == Value(std::string(pair.second));
  });
}

/// Does nothing ask for what the entry is about?
bool idle(const Dict& config, std::string_view key) {
  return std::any_of(matters_with.begin(), matters_with.end(), [&](const auto& pair) {
    const Value* asked = pair.first == key ? entry(config, pair.second) : nullptr;
    return asked && nothing(*asked);
  });
}

/// {"class_name": …, "config": …} in the form with a module, or the name of a class without settings, which all loaders take;
/// nothing when only some Keras has it.
std::optional<Value> function(const Family& family, const Value& value) {
  const Dict* dict = value.get<Dict>();
  if (const std::string* name = value.get<std::string>(); name && family.named) {
    for (const std::string_view one : family.classes) {
      const std::string small = cards::snake_case(one);
      if (*name == one || *name == small) return Value(one == "Orthogonal" ? small : std::string(one));
    }
  }
  std::string cls = dict ? text_or_empty(*dict, "class_name") : std::string();
  if (const std::string_view tail = "Initializer"; cls.ends_with(tail)) cls.resize(cls.size() - tail.size());  // of Keras 3.0
  if (std::find(family.classes.begin(), family.classes.end(), cls) == family.classes.end()) return std::nullopt;
  const Value* config = entry(*dict, "config");
  const Dict* entries = config ? config->get<Dict>() : nullptr;
  Dict kept;
  for (const auto& [key, one] : entries ? *entries : Dict{}) {
    if (one.null() || key == "dtype" || (key == "gain" && one.number() == 1.0)) continue;  // dtype: of TensorFlow 1
    if (!one.number() && !one.get<std::string>() && !one.get<bool>()) return std::nullopt;
    kept[key] = one;
  }
  // Keras before 3.4 knows some classes by their names alone, and one by its short name alone.
  const bool odd = cls == "Orthogonal";
  if (kept.empty() && family.named) return Value(odd ? cards::snake_case(cls) : cls);
  if (odd) return std::nullopt;
  return ir::keras_object(family.module, cls, std::move(kept));
}

/// A function by its name, in the words of newer Keras 2: {"class_name": "function", "config": "relu"}.
void plain_name(Value& value) {
  const Dict* dict = value.get<Dict>();
  if (!dict || text_or_empty(*dict, "class_name") != "function") return;
  std::string name = text_or_empty(*dict, "config");
  if (!name.empty()) value = Value(std::move(name));
}

/// "kernel_initializer" is about a weight "kernel", "depthwise_initializer" about a "depthwise_kernel"; inside a part of the
/// layer, about every "…_kernel". Some layers of Keras 2 tell entries about weights that they do not have.
bool has_weight(const LayerCard& card, const std::string& key) {
  const std::string about = key.substr(0, key.rfind('_'));
  return about == "activity" || std::any_of(card.weight_specs.begin(), card.weight_specs.end(), [&](const auto& spec) {
           return spec.slot.starts_with(about) || (!spec.groups.empty() && spec.slot.ends_with("_" + about));
         });
}

class Portable {
 public:
  explicit Portable(const Registry& registry) : registry_(registry) {}

  /// The entries of a layer's config that stay.
  Dict config(const LayerCard& card, const Dict& all, const std::string& where) {
    Dict kept;
    for (const auto& entry_of_config : all) {
      const std::string& key = entry_of_config.first;
      const Value& value = entry_of_config.second;
      const size_t last = key.rfind('_') == std::string::npos ? 0 : key.rfind('_') + 1;
      const auto family =
          std::find_if(families().begin(), families().end(), [&](const Family& f) { return f.entry == key.substr(last); });
      const LayerCard::Field* field = card.field(key);
      if (card.left_out.contains(key)) {
        continue;
      } else if (std::any_of(card.parts.begin(), card.parts.end(), [&](const auto& part) { return part.field == key; })) {
        if (!value.null()) kept[key] = held(value, where + key + ": ");
      } else if (field) {
        Value plain = plain_value(*field, value);
        const bool needed = !field->fallback || field->always;
        if (needed || !card.holds({{key, plain}}, {{key, *field->fallback}})) kept[key] = std::move(plain);
      } else if (key == "dtype") {
        kept[key] = value;
      } else if (family != families().end()) {
        if (nothing(value) || !has_weight(card, key)) continue;
        auto known = function(*family, value);
        if (known && is_usual(key, *known)) continue;
        if (known)
          kept[key] = std::move(*known);
        else
          left.push_back(where + key + " is left out: it is none that all Keras versions have");
      } else if (has_name(training_only, key)) {
        if (!value.null()) kept[key] = value;
      } else if (const Value* fixed = entry(fixed_entries(), key); fixed && *fixed == value) {
        continue;
      } else if (!has_name(no_meaning, key) && !nothing(value) && !idle(all, key)) {
        throw Error(Status::unsupported,
                    "the config entry " + base::escaped(where + key) + " of a " + base::escaped(card.cls) + " is unknown");
      }
    }
    if (card.shorten_fn) card.shorten_fn(kept);
    return kept;
  }

  std::vector<std::string> left;

 private:
  static Value plain_value(const LayerCard::Field& field, const Value& value) {
    Value out = value;
    plain_name(out);
    const List* list = out.get<List>();
    if (!field.single || !list || list->size() != 1) return out;
    return Value(list->front());
  }

  /// A layer that a layer holds, or a list of them, in the form that has a module.
  Value held(const Value& value, const std::string& where) {
    if (const List* list = value.get<List>()) {
      List out;
      for (const Value& one : *list) out.push_back(held(one, where));
      return out;
    }
    const auto layer = cards::layer_of(value);
    const LayerCard* card = layer && layer->registered.empty() ? registry_.layer(layer->cls) : nullptr;
    if (!card) return value;
    const Dict& before = *entry(*value.get<Dict>(), "config")->get<Dict>();
    Dict after = config(*card, layer->config, where);
    for (const char* own : {"name", "dtype", "trainable"}) {
      const Value* given = entry(before, own);
      const bool says = given && (given->get<std::string>() || *given == Value(false));
      if (says && !card->left_out.contains(own)) after[own] = *given;
    }
    return ir::keras_object("keras.layers", layer->cls, std::move(after));
  }

  const Registry& registry_;
};

}  // namespace

std::vector<std::string> make_portable(Layer& layer, const Registry& registry) {
  const LayerCard* card = registry.layer(layer.cls);
  if (!card || !layer.registered.empty()) return {};
  Portable portable(registry);
  layer.config = portable.config(*card, layer.config, {});
  return std::move(portable.left);
}

}  // namespace keraft::formats
