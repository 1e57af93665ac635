#include "doctor/examine_config.h"

#include <array>
#include <map>

#include "base/string.h"
#include "formats/keras/dict.h"

namespace keraft::doctor {
namespace {

constexpr int deepest = 64;

using formats::dict_in;
using formats::entry;
using formats::is_model;
using formats::list_in;
using formats::text_or_empty;

struct Family {
  std::string_view ending, name;
};
constexpr std::array<Family, 3> families{
    {{"initializer", "initializers"}, {"regularizer", "regularizers"}, {"constraint", "constraints"}}};

std::string quoted(std::string_view text) { return "'" + base::escaped(text) + "'"; }

const List none;

const List& nodes_of(const Dict& layer) {
  const List* nodes = list_in(layer, "inbound_nodes");
  return nodes ? *nodes : none;
}

class Examiner {
 public:
  Examiner(Container container, Findings& findings) : archive_(container == Container::archive), findings_(findings) {}

  void model(const Dict& dict, const std::string& where, int depth) {
    const std::string cls = text_or_empty(dict, "class_name");
    if (!is_model(cls)) {
      findings_.add(~Versions(), where, "the model is of the class " + quoted(cls) + ", whose code is not in the file");
      return;
    }
    if (archive_) module_of_model(dict, cls, where);
    const Dict* config = dict_in(dict, "config");
    const List* layers = config ? list_in(*config, "layers") : list_in(dict, "config");
    if (depth > deepest || !layers) return;
    calls_of_models(*layers, where);
    for (const Value& one : *layers) {
      if (const Dict* inner = one.get<Dict>()) layer(*inner, where, depth + 1);
    }
  }

 private:
  void layer(const Dict& dict, const std::string& around, int depth) {
    const Dict* config = dict_in(dict, "config");
    std::string name = text_or_empty(dict, "name");
    if (name.empty() && config) name = text_or_empty(*config, "name");
    const std::string where =
        around.empty() || name.empty() ? around + base::escaped(name) : around + "/" + base::escaped(name);
    if (name.find('/') != std::string::npos) findings_.add(keras3(), where, "the name has a '/', which Keras 3 does not allow");
    calls(dict, where);
    const std::string cls = text_or_empty(dict, "class_name");
    if (is_model(cls)) return model(dict, where, depth);
    if (!config) return;
    if (cls == "SpectralNormalization")
      findings_.add(keras2(), where, "Keras 2 does not load 'SpectralNormalization' from files ('str' object is not callable)");
    const Value* axis = entry(*config, "axis");
    if (cls == "BatchNormalization" && axis && axis->get<List>() && (archive_ || depth > 1))
      findings_.add(keras3(), where, "the 'axis' of 'BatchNormalization' is a list");
    object(dict, family_of(dict), where, "", depth);
  }

  /// Keras 2 counts the call that made a model inside this one what it is; Keras 3 does not, and finds no such call.
  void calls_of_models(const List& layers, const std::string& where) {
    std::map<std::string, size_t, std::less<>> models;
    for (const Value& one : layers) {
      const Dict* dict = one.get<Dict>();
      if (dict && is_model(text_or_empty(*dict, "class_name")))
        models.emplace(text_or_empty(*dict, "name"), nodes_of(*dict).size());
    }
    if (models.empty()) return;
    for (const Value& one : layers) {
      const Dict* dict = one.get<Dict>();
      for (const Value& node : dict ? nodes_of(*dict) : none) {
        const List* calls = node.get<List>();
        for (const Value& call : calls ? *calls : none) {
          const List* tensor = call.get<List>();
          const std::string* name = tensor && tensor->size() > 2 ? tensor->front().get<std::string>() : nullptr;
          const int64_t* index = name ? (*tensor)[1].get<int64_t>() : nullptr;
          const auto model = index ? models.find(*name) : models.end();
          if (model == models.end() || *index < 0 || static_cast<size_t>(*index) < model->second) continue;
          findings_.add(keras3(), where.empty() ? base::escaped(*name) : where + "/" + base::escaped(*name),
                        "a model inside the model, whose calls are counted from 1 ('inbound_nodes' of Keras 2)");
        }
      }
    }
  }

  static std::string family_of(const Dict& dict) {
    const std::string module = text_or_empty(dict, "module");
    const std::string_view ops = "keras.src.ops.";
    return module.starts_with(ops) ? "ops/" + module.substr(ops.size()) : "layers";
  }

  /// Something that a config describes by class and arguments. `what` begins the sentences about parts of a layer.
  void object(const Dict& dict, const std::string& family, const std::string& where, const std::string& what, int depth) {
    std::string cls = text_or_empty(dict, "class_name");
    const Dict* config = dict_in(dict, "config");
    if (!config || depth > deepest) return;
    const std::string registered = text_or_empty(dict, "registered_name");
    const bool own = registered.find('>') != std::string::npos || cls.find('>') != std::string::npos;
    const Symbol* symbol = own ? nullptr : accepts_.find(family + "/" + cls);
    if (!symbol) {
      findings_.add(~Versions(), where, what + quoted(cls) + " is a class of no Keras; its code is not in the file");
      return;
    }
    findings_.add(~symbol->there, where, what + "there is no class " + quoted(cls));
    if (cls == "Lambda") lambda(*config, where);
    const bool layer = family == "layers";
    for (const auto& [key, value] : *config) {
      const auto known = symbol->keys.find(key);
      Versions taken = symbol->anything;
      if (known != symbol->keys.end()) taken |= known->second;
      if (layer) taken |= always_taken(cls, key);
      findings_.add(symbol->there & ~taken, where, what + quoted(cls) + " does not take the entry " + quoted(key));
      if (layer) part(key, value, where, depth);
    }
  }

  /// Entries that the loaders take out themselves.
  Versions always_taken(std::string_view cls, std::string_view key) const {
    if (key == "name" || key == "trainable" || cls == "Lambda") return keras2();
    if (!archive_ && key == "batch_input_shape" && cls != "InputLayer") return keras3();
    return {};
  }

  void lambda(const Dict& config, const std::string& where) {
    const Dict* function = dict_in(config, "function");
    const bool code = list_in(config, "function") || (function && text_or_empty(*function, "class_name") == "__lambda__");
    if (code)
      findings_.add(archive_ ? versions("2.13-2.21,3.0-3.15") : keras3(), where,
                    "a Lambda with Python code in it, which safe mode does not run");
  }

  /// An entry of a layer's config that describes something else.
  void part(const std::string& key, const Value& value, const std::string& where, int depth) {
    if (key == "dtype") return dtype(value, where);
    if (const std::string* name = key.ends_with("activation") ? value.get<std::string>() : nullptr)
      return activation(*name, where);
    if (const List* list = value.get<List>()) {
      for (const Value& one : *list) described(key, one, where, depth);
    } else {
      described(key, value, where, depth);
    }
  }

  void described(const std::string& key, const Value& value, const std::string& where, int depth) {
    const Dict* dict = value.get<Dict>();
    if (!dict || !entry(*dict, "class_name")) return;
    const std::string cls = text_or_empty(*dict, "class_name");
    if (key.ends_with("initializer") && (cls == "Orthogonal" || cls == "Identity")) {
      findings_.add(versions("3.0-3.3"), where,
                    quoted(key) + ": 'Could not interpret initializer identifier' for " + quoted(cls) + " with its arguments");
    }
    for (const Family& family : families) {
      if (key.ends_with(family.ending)) return object(*dict, std::string(family.name), where, quoted(key) + ": ", depth + 1);
    }
    if (!accepts_.find("layers/" + cls)) return;
    if (text_or_empty(*dict, "module").empty())
      findings_.add(keras3(), where, quoted(key) + ": the class " + quoted(cls) + " stands without its module");
    object(*dict, "layers", where, quoted(key) + ": ", depth + 1);
  }

  void activation(const std::string& name, const std::string& where) {
    if (const Symbol* symbol = accepts_.find("activations/" + name))
      findings_.add(~symbol->there, where, "there is no activation " + quoted(name));
  }

  void dtype(const Value& value, const std::string& where) {
    const Dict* dict = value.get<Dict>();
    if (!dict) return;
    const std::string cls = text_or_empty(*dict, "class_name");
    const Versions takes = cls == "Policy" ? keras2() | (archive_ ? Versions() : versions("3.0-3.2")) : keras3();
    findings_.add(
        ~takes, where,
        "'dtype' is a policy of the class " + quoted(cls) + (archive_ ? "" : ", taken for a text without 'quantization_mode'"));
  }

  void module_of_model(const Dict& dict, const std::string& cls, const std::string& where) {
    const std::string module = text_or_empty(dict, "module");
    const bool plain = module == "keras" && cls != "Functional";
    const Versions loads = plain                                        ? versions("2.12-2.21,3.0-3.15")
                           : module == "keras.src.models.functional"    ? keras3()
                           : module == "keras.src.engine.functional"    ? versions("2.13-2.21")
                           : module == "keras.engine.functional"        ? versions("2.12")
                           : module == "tf_keras.src.engine.functional" ? versions("2.16-2.21")
                                                                        : Versions();
    findings_.add(~loads, where, "there is no module " + quoted(module) + " with the class " + quoted(cls));
  }

  void calls(const Dict& dict, const std::string& where) {
    for (const Value& node : nodes_of(dict)) {
      if (node.get<Dict>())
        findings_.add(keras2(), where, "its inputs are told in the form of Keras 3 (dicts in 'inbound_nodes')");
      if (node.get<List>() && tensor_in_arguments(node)) {
        findings_.add(keras3(), where, "one of its inputs is an argument with a name, in the form of Keras 2");
      }
    }
  }

  /// [["query", 0, 0, {"value": ["value", 0, 0]}]]
  static bool tensor_in_arguments(const Value& node) {
    for (const Value& one : *node.get<List>()) {
      const List* call = one.get<List>();
      const Dict* arguments = call && call->size() > 3 ? (*call)[3].get<Dict>() : nullptr;
      if (!arguments) continue;
      for (const auto& [name, value] : *arguments) {
        const List* tensor = value.get<List>();
        if (tensor && tensor->size() >= 3 && tensor->front().get<std::string>() && (*tensor)[1].get<int64_t>()) return true;
      }
    }
    return false;
  }

  bool archive_;
  Findings& findings_;
  Accepts accepts_;
};

}  // namespace

void examine_config(const Value& model, Container container, Findings& findings) {
  const Dict* dict = model.get<Dict>();
  if (!dict) return findings.add(~Versions(), {}, "the config is no model");
  Examiner(container, findings).model(*dict, {}, 0);
}

}  // namespace keraft::doctor
