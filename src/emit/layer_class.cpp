#include "emit/layer_class.h"

#include <algorithm>

#include "base/string.h"
#include "cards/generated.h"
#include "cards/keras_op.h"
#include "emit/python_text.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

std::string value_literal(const Value& value) {
  if (const bool* flag = value.get<bool>()) return *flag ? "True" : "False";
  if (const List* list = value.get<List>()) {
    std::vector<std::string> parts;
    for (const Value& one : *list) parts.push_back(value_literal(one));
    return "[" + base::join(parts, ", ") + "]";
  }
  if (const Tensor* tensor = value.get<Tensor>()) {
    std::vector<std::string> flat;
    if (tensor->dtype == DType::boolean) {
      for (const int64_t one : to_ints(*tensor)) flat.emplace_back(one ? "True" : "False");
    } else if (is_integer(tensor->dtype)) {
      for (const int64_t one : to_ints(*tensor)) flat.push_back(std::to_string(one));
    } else {
      for (const double one : to_doubles(*tensor)) flat.push_back(Value(one).text());
    }
    return "ops.convert_to_tensor(" + nested_lists(flat, tensor->dims) + ", dtype=\"" + std::string(name_of(tensor->dtype)) +
           "\")";
  }
  return value.null() ? "None" : value.text();
}

std::string tuple(const std::vector<int64_t>& dims) {
  std::string out = "(";
  for (size_t i = 0; i < dims.size(); ++i) out += (i ? ", " : "") + std::to_string(dims[i]);
  return out + (dims.size() == 1 ? ",)" : ")");
}

bool is_identifier(std::string_view text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

/// What the config holds beyond what every layer has, in the order of the constructor.
std::vector<std::string> config_keys(const Layer& layer) {
  std::vector<std::string> out;
  for (const auto& [key, value] : layer.config) {
    if (key != "dtype" && key != "trainable" && is_identifier(key)) out.push_back(key);
  }
  return out;
}

std::string head(const Layer& layer, const std::string& text) {
  const auto keys = config_keys(layer);
  std::string out =
      "@keras.saving.register_keras_serializable(package=\"keraft\")\nclass " + layer.cls + "(keras.layers.Layer):\n";
  out += "    \"\"\"" + text + "\"\"\"\n\n    def __init__(self";
  for (const std::string& key : keys) out += ", " + key + "=None";
  out += ", **kwargs):\n        super().__init__(**kwargs)\n";
  for (const std::string& key : keys) out += "        self." + key + " = " + key + "\n";
  out += "\n    def build(self, input_shape):\n";
  const auto constants = cards::generated_constants(layer);
  for (const Slot& slot : layer.slots) {
    const bool constant = std::find(constants.begin(), constants.end(), slot.name) != constants.end();
    out += "        self." + slot.name + " = self.add_weight(\n            name=\"" + slot.name +
           "\", shape=" + tuple(slot.value.dims) +
           (constant ? ", dtype=\"" + std::string(name_of(slot.value.dtype)) + "\"" : std::string()) + ", initializer=\"" +
           (constant ? "zeros" : "ones") + "\", trainable=" + (constant ? "False" : "True") + "\n        )\n";
  }
  out += "        self.built = True\n\n";
  return out;
}

std::string signature(const std::vector<std::string>& inputs) {
  if (inputs.size() == 1) return "    def call(self, " + inputs.front() + "):\n";
  return "    def call(self, inputs):\n        " + base::join(inputs, ", ") + " = inputs\n";
}

std::string tail(const Layer& layer) {
  std::string out = "\n    def get_config(self):\n        return {**super().get_config()";
  for (const std::string& key : config_keys(layer)) out += ", \"" + key + "\": self." + key;
  return out + "}\n";
}

}  // namespace

std::string class_name(const std::vector<std::string>& functions, const Registry& registry, std::set<std::string>& taken) {
  std::string base;
  for (size_t i = 0; i < functions.size() && base.size() < 40; ++i) base += camel(functions[i]);
  std::string name = base;
  for (int i = 2; registry.layer(name) || !taken.insert(name).second; ++i) name = base + std::to_string(i);
  return name;
}

std::string python_call(const Node& node, const std::function<std::string(Edge)>& name) {
  const cards::KerasOp* op = cards::keras_op(node.op.substr(node.op.find('/') + 1));
  if (!op) throw Error(Status::internal, "no function of keras.ops", {{}, {}, node.name});
  std::vector<std::string> arguments;
  size_t next = 0;
  bool named = false;
  const bool variadic = std::any_of(op->params.begin(), op->params.end(), [](const auto& p) { return p.variadic; });
  for (const auto& param : op->params) {
    const auto found = node.attrs.find(param.name);
    const Value* value = found == node.attrs.end() ? nullptr : &found->second;
    std::string text;
    if (param.many()) {
      const List* list = value ? value->get<List>() : nullptr;
      std::vector<std::string> parts;
      for (size_t i = 0; list ? i < list->size() : next < node.inputs.size(); ++i)
        parts.push_back(list && !(*list)[i].null() ? value_literal((*list)[i]) : name(node.inputs.at(next++)));
      text = base::join(parts, ", ");
      if (param.list) text = "[" + text + "]";
    } else if (const List* sizes = value && param.setting ? value->get<List>() : nullptr) {
      std::vector<std::string> parts;
      for (const Value& one : *sizes) parts.push_back(one.null() ? name(node.inputs.at(next++)) : value_literal(one));
      text = "[" + base::join(parts, ", ") + "]";
    } else if (value) {
      text = value_literal(*value);
    } else if (!param.setting && next < node.inputs.size()) {
      text = name(node.inputs[next++]);
    } else {
      named = true;
      continue;
    }
    named = named || (param.setting && !variadic);
    arguments.push_back(named ? param.name + "=" + text : text);
  }
  return "ops." + op->function + "(" + base::join(arguments, ", ") + ")";
}

std::string layer_class(const Layer& layer, const CallBody& body) {
  const std::string* form = layer.config.at("form").get<std::string>();
  std::string out = head(layer, form ? *form : std::string()) + signature(body.inputs);
  std::vector<std::string> lines = body.lines;
  std::string result = body.results.size() == 1 ? body.results.front() : "[" + base::join(body.results, ", ") + "]";
  if (!lines.empty() && lines.back().starts_with(result + " = ")) {
    result = lines.back().substr(result.size() + 3);
    lines.pop_back();
  }
  for (const std::string& line : lines) out += "        " + line + "\n";
  out += "        return " + result + "\n";
  return out + tail(layer);
}

std::string stub_class(const Layer& layer, const std::string& op) {
  std::string out = head(layer, "Stands for the TensorFlow op " + op + ", which keraft does not know: write its call.");
  out += "    def call(self, inputs):\n        raise NotImplementedError(\"the TensorFlow op " + op + "\")\n";
  return out + tail(layer);
}

}  // namespace keraft::emit
