#include "emit/layer_class.h"

#include "base/string.h"
#include "cards/layer_card.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

/// "ops.reduce_sum({0})" → "ReduceSum".
std::string camel(std::string_view call) {
  std::string out;
  bool upper = true;
  for (const char c : call.substr(call.find('.') + 1)) {
    if (c == '(') break;
    if (c == '_' || c == '.') {
      upper = true;
    } else {
      out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return out;
}

const OpCard& card_of(const ir::Statement& statement, const Registry& registry) {
  const OpCard* card = registry.op(statement.op);
  if (!card || card->python.empty()) throw Error(Status::internal, "no code for the op " + statement.op);
  return *card;
}

std::string argument(const ir::FormArg& arg) {
  switch (arg.kind) {
    case ir::FormArg::Kind::weight:
      return "self." + arg.name;
    case ir::FormArg::Kind::number:
      return Value(arg.number).text();
    case ir::FormArg::Kind::ints:
      return Value::ints(arg.ints).text();
    default:
      return arg.name;
  }
}

std::string python_literal(const Value& value) {
  if (const bool* flag = value.get<bool>()) return *flag ? "True" : "False";
  return value.null() ? "None" : value.text();
}

/// "{0}" … are the inputs, "{name}" an attribute.
std::string call(const ir::Statement& statement, const OpCard& card) {
  std::string out;
  const std::string& text = card.python;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (end == std::string::npos) {
      out += text[i];
      continue;
    }
    const std::string key = text.substr(i + 1, end - i - 1);
    i = end;
    if (key.find_first_not_of("0123456789") == std::string::npos) {
      out += argument(statement.args.at(std::stoul(key)));
      continue;
    }
    const Value* value = card.fallback(key);
    for (const ir::FormAttr& attr : statement.attrs) {
      if (attr.name == key) value = &attr.literal;
    }
    if (!value) throw Error(Status::internal, "the code of " + card.name() + " names the attribute " + key);
    out += python_literal(*value);
  }
  return out;
}

std::string tuple(const std::vector<int64_t>& dims) {
  std::string out = "(";
  for (size_t i = 0; i < dims.size(); ++i) out += (i ? ", " : "") + std::to_string(dims[i]);
  return out + (dims.size() == 1 ? ",)" : ")");
}

}  // namespace

std::string class_name(const std::string& form, const Registry& registry, std::set<std::string>& taken) {
  std::string base;
  const ir::Form parsed = ir::parse_form(form);
  for (size_t i = 0; i < parsed.statements.size() && base.size() < 40; ++i)
    base += camel(card_of(parsed.statements[i], registry).python);
  std::string name = base;
  for (int i = 2; registry.layer(name) || !taken.insert(name).second; ++i) name = base + std::to_string(i);
  return name;
}

std::string layer_class(const Layer& layer, const Registry& registry) {
  const std::string& text = *layer.config.at("form").get<std::string>();
  const ir::Form form = ir::parse_form(text);
  std::string out =
      "@keras.saving.register_keras_serializable(package=\"keraft\")\nclass " + layer.cls + "(keras.layers.Layer):\n";
  out += "    \"\"\"" + text + "\"\"\"\n\n";
  out += "    def __init__(self, form=None, **kwargs):\n        super().__init__(**kwargs)\n        self.form = form\n\n";
  out += "    def build(self, input_shape):\n";
  for (const Slot& slot : layer.slots) {
    out += "        self." + slot.name + " = self.add_weight(\n            name=\"" + slot.name +
           "\", shape=" + tuple(slot.value.dims) + ", initializer=\"ones\", trainable=True\n        )\n";
  }
  out += "        self.built = True\n\n";
  const auto inputs = form.inputs();
  if (inputs.size() == 1) {
    out += "    def call(self, " + inputs.front() + "):\n";
  } else {
    out += "    def call(self, inputs):\n        " + base::join(inputs, ", ") + " = inputs\n";
  }
  for (size_t i = 0; i < form.statements.size(); ++i) {
    const ir::Statement& statement = form.statements[i];
    const bool last = i + 1 == form.statements.size();
    out += "        " + (last ? "return " : statement.outputs.front() + " = ") + call(statement, card_of(statement, registry)) +
           "\n";
  }
  out += "\n    def get_config(self):\n        return {**super().get_config(), \"form\": self.form}\n";
  return out;
}

}  // namespace keraft::emit
