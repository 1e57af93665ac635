#include "formats/keras/portable_config.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

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

bool nothing(const Value& value) {
  const List* list = value.get<List>();
  const Dict* dict = value.get<Dict>();
  return value.null() || value == Value(false) || (list && list->empty()) || (dict && dict->empty());
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
  const std::string cls = dict ? text_or_empty(*dict, "class_name") : std::string();
  if (std::find(family.classes.begin(), family.classes.end(), cls) == family.classes.end()) return std::nullopt;
  const Value* config = entry(*dict, "config");
  const Dict* entries = config ? config->get<Dict>() : nullptr;
  Dict kept;
  for (const auto& [key, one] : entries ? *entries : Dict{}) {
    if (one.null() || key == "dtype" || (key == "gain" && one.number() == 1.0)) continue;  // dtype: of TensorFlow 1
    if (!one.number() && !one.get<std::string>() && !one.get<bool>()) return std::nullopt;
    kept[key] = one;
  }
  // Keras before 3.4 knows some classes by their names alone.
  if (kept.empty() && family.named) return Value(cls);
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

}  // namespace

std::vector<std::string> make_portable(Layer& layer, const Registry& registry) {
  std::vector<std::string> left;
  const LayerCard* card = registry.layer(layer.cls);
  if (!card) return left;
  const auto inner = cards::wrapped(layer, registry);
  Dict kept;
  for (auto& [key, value] : layer.config) {
    const std::string_view last = std::string_view(key).substr(key.rfind('_') == std::string::npos ? 0 : key.rfind('_') + 1);
    const auto family = std::find_if(families().begin(), families().end(), [&](const Family& f) { return f.entry == last; });
    if (inner && key == inner->entry) {
      Layer wrapped = inner->layer;
      for (std::string& one : make_portable(wrapped, registry)) left.push_back(key + ": " + one);
      const Dict& before = *entry(*value.get<Dict>(), "config")->get<Dict>();
      for (const char* own : {"name", "dtype", "trainable"}) {
        const Value* given = entry(before, own);
        if (given && (given->get<std::string>() || *given == Value(false))) wrapped.config[own] = *given;
      }
      kept[key] = ir::keras_object("keras.layers", wrapped.cls, std::move(wrapped.config));
    } else if (const LayerCard::Field* field = card->field(key)) {
      plain_name(value);
      const List* list = value.get<List>();
      if (field->single && list && list->size() == 1) {
        Value only = list->front();
        value = std::move(only);
      }
      const bool needed = !field->fallback || field->always;
      if (needed || !card->holds({{key, value}}, {{key, *field->fallback}})) kept[key] = value;
    } else if (key == "dtype") {
      kept[key] = value;
    } else if (family != families().end()) {
      if (nothing(value) || !has_weight(*card, key)) continue;
      auto known = function(*family, value);
      if (known && is_usual(key, *known)) continue;
      if (known)
        kept[key] = std::move(*known);
      else
        left.push_back(key + " is left out: it is none that all Keras versions have");
    } else if (has_name(training_only, key)) {
      if (!value.null()) kept[key] = value;
    } else if (const Value* fixed = entry(fixed_entries(), key); fixed && *fixed == value) {
      continue;
    } else if (!has_name(no_meaning, key) && !nothing(value) && !idle(layer.config, key)) {
      throw Error(Status::unsupported,
                  "the config entry " + base::escaped(key) + " of a " + base::escaped(layer.cls) + " is unknown");
    }
  }
  layer.config = std::move(kept);
  return left;
}

}  // namespace keraft::formats
