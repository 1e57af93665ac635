#include "formats/keras/operations.h"

#include <algorithm>

#include "cards/keras_op.h"
#include "cards/number_tensor.h"
#include "formats/keras/dict.h"
#include "formats/keras/references.h"
#include "formats/wire/json.h"

namespace keraft::formats {
namespace {

using cards::KerasOp;

constexpr const char* constant_mark = "_CONSTANT_VALUE";

/// An argument of one call: a tensor of the graph, or a value.
struct Argument {
  Edge edge;
  Value value;
};

const KerasOp& function_of(const Node& node) {
  const KerasOp* op = cards::keras_op(std::string_view(node.op).substr(operation_prefix.size()));
  if (!op) throw Error(Status::unsupported, "no operation of Keras is called " + node.op, {{}, {}, node.name});
  return *op;
}

/// The arguments that the node has for one parameter; `next`: its first input that no parameter has taken.
std::vector<Argument> arguments(const Node& node, const KerasOp::Param& param, size_t& next) {
  std::vector<Argument> out;
  const Value* value = entry(node.attrs, param.name);
  if (param.many()) {
    const List* list = value ? value->get<List>() : nullptr;
    for (size_t i = 0; list ? i < list->size() : next < node.inputs.size(); ++i) {
      if (list && !(*list)[i].null())
        out.push_back({{}, (*list)[i]});
      else
        out.push_back({node.inputs.at(next++), {}});
    }
  } else if (value) {
    out.push_back({{}, *value});
  } else if (!param.setting && next < node.inputs.size()) {
    out.push_back({node.inputs[next++], {}});
  }
  return out;
}

Value keras3_value(const Value& value) {
  const Tensor* tensor = value.get<Tensor>();
  if (!tensor) return value;
  return Dict{{"class_name", "__numpy__"},
              {"config", Dict{{"value", cards::nested_value(*tensor)}, {"dtype", std::string(name_of(tensor->dtype))}}}};
}

Value keras2_value(const Value& value) {
  const Tensor* tensor = value.get<Tensor>();
  return tensor ? cards::nested_value(*tensor) : value;
}

Value keras2_setting(const KerasOp::Twin& twin, const Value& value) {
  const auto out = KerasOp::to_tensorflow(twin, value);
  return out ? *out : value;
}

bool same(const Value& a, const Value& b) { return a == b || (a.number() && a.number() == b.number()); }

/// Of the settings those that are not the default.
void keep_setting(const KerasOp::Param& param, const Value& value, Dict& attrs) {
  if (!(param.fallback && same(*param.fallback, value))) attrs[param.name] = value;
}

std::string why_no_lambda(const Node& node) {
  const KerasOp& op = function_of(node);
  if (op.tensorflow.empty()) return "no public function of TensorFlow is " + op.function;
  size_t known = 0;
  for (const KerasOp::Twin& twin : op.twins) known += twin.fixed.null() ? 1 : 0;
  for (size_t i = 0; i < op.params.size(); ++i) {
    const Value* value = entry(node.attrs, op.params[i].name);
    if (i >= known && value) return "TensorFlow's " + op.tensorflow + " has no " + op.params[i].name;
    const Tensor* tensor = value ? value->get<Tensor>() : nullptr;
    // A list gets its type from what it holds.
    if (tensor && tensor->dtype != DType::f32 && tensor->dtype != DType::i32 && tensor->dtype != DType::boolean)
      return "a constant of the type " + std::string(name_of(tensor->dtype)) + " has no place in a call";
  }
  return {};
}

Tensor literal_tensor(const Dict& config, const Place& place) {
  const DType dtype = dtype_named(wanted<std::string>(config, "dtype", place));
  std::vector<int64_t> dims;
  std::vector<Value> numbers;
  bool real = false;
  if (!cards::flatten(config.at("value"), dims, numbers, real)) throw Error(Status::format, "a constant is no tensor", place);
  return cards::value_tensor(dtype, std::move(dims), numbers);
}

class Arguments {
 public:
  Arguments(ParsedOperation& out, const Place& place) : out_(out), place_(place) {}

  /// One argument of Keras 3: a tensor, a constant, or nothing.
  bool tensor(const Value& value, Value& constant) {
    const Dict* dict = value.get<Dict>();
    const std::string cls = dict ? text_or_empty(*dict, "class_name") : std::string();
    if (cls == "__keras_tensor__") {
      const Value* history = entry(wanted<Dict>(*dict, "config", place_), "keras_history");
      if (!history || !is_reference(*history)) throw Error(Status::format, "a tensor without keras_history", place_);
      out_.tensors.push_back(to_reference(*history));
      return true;
    }
    if (cls == "__numpy__" || cls == "__tensor__") {
      const Dict& config = wanted<Dict>(*dict, "config", place_);
      if (!entry(config, "value")) throw Error(Status::format, "a constant without a value", place_);
      constant = literal_tensor(config, place_);
    } else {
      constant = value;
    }
    return false;
  }

  void one(const KerasOp::Param& param, const Value& value) {
    Value constant;
    if (!tensor(value, constant) && !constant.null()) out_.attrs[param.name] = constant;
  }

  void many(const KerasOp::Param& param, const List& list) {
    List constants;
    bool any = false;
    for (const Value& value : list) {
      Value constant;
      any = !tensor(value, constant) || any;
      constants.push_back(std::move(constant));
    }
    if (any) out_.attrs[param.name] = std::move(constants);
  }

 private:
  ParsedOperation& out_;
  const Place& place_;
};

}  // namespace

Dict operation_dict(const Graph& graph, const Plan& plan, const PlanEntry& entry) {
  const Node& node = graph.at(entry.calls.front());
  const KerasOp& op = function_of(node);
  List args;
  Dict config;
  size_t next = 0;
  for (const KerasOp::Param& param : op.params) {
    const auto mine = arguments(node, param, next);
    if (param.setting) {
      if (!mine.empty())
        config[param.name] = keras3_value(mine.front().value);
      else if (param.fallback)
        config[param.name] = *param.fallback;
      continue;
    }
    List values;
    for (const Argument& one : mine)
      values.push_back(one.edge.node == no_node ? keras3_value(one.value) : keras_tensor(graph, plan, one.edge));
    if (param.list)
      args.emplace_back(std::move(values));
    else
      args.insert(args.end(), values.begin(), values.end());
  }
  List calls{Dict{{"args", std::move(args)}, {"kwargs", Dict{}}}};
  return {{"class_name", op.cls},
          {"config", std::move(config)},
          {"module", "keras.src.ops." + op.module},
          {"registered_name", op.cls},
          {"inbound_nodes", std::move(calls)}};
}

std::string no_lambda(const Graph& graph, const PlanEntry& entry) { return why_no_lambda(graph.at(entry.calls.front())); }

Dict lambda_dict(const Graph& graph, const Plan& plan, const PlanEntry& entry) {
  const Node& node = graph.at(entry.calls.front());
  const KerasOp& op = function_of(node);
  if (const std::string why = why_no_lambda(node); !why.empty()) throw Error(Status::unsupported, why, {{}, {}, node.name});
  Dict kwargs;
  std::vector<Argument> first;
  size_t next = 0, place = 0;
  for (const KerasOp::Twin& twin : op.twins) {
    if (!twin.fixed.null()) {
      kwargs[twin.name] = twin.fixed;
      continue;
    }
    const KerasOp::Param& param = op.params.at(place);
    const auto mine = arguments(node, param, next);
    if (place++ == 0) {
      first = mine;
      continue;
    }
    if (mine.empty()) {
      if (param.setting && param.fallback && !param.fallback->null()) kwargs[twin.name] = *param.fallback;
    } else if (mine.front().edge.node != no_node) {
      kwargs[twin.name] = reference(plan, mine.front().edge);
    } else {
      kwargs[twin.name] = param.setting ? keras2_setting(twin, mine.front().value) : keras2_value(mine.front().value);
    }
  }
  List values;
  for (const Argument& one : first) {
    List value =
        one.edge.node == no_node ? List{constant_mark, int64_t{-1}, keras2_value(one.value)} : reference(plan, one.edge);
    value.emplace_back(kwargs);
    values.emplace_back(std::move(value));
  }
  List calls{op.params.front().list ? Value(std::move(values)) : values.at(0)};
  return {{"class_name", "TFOpLambda"},
          {"config", Dict{{"name", entry.name}, {"trainable", true}, {"dtype", "float32"}, {"function", op.tensorflow}}},
          {"inbound_nodes", std::move(calls)}};
}

ParsedOperation parse_operation(const std::string& cls, const Dict& config, const Value& call, const Place& place) {
  const KerasOp* op = cards::keras_op(cls);
  if (!op) throw Error(Status::unsupported, "the operation " + base::escaped(cls) + " of keras.ops cannot be read", place);
  ParsedOperation out;
  out.op = std::string(operation_prefix) + cls;
  const Dict& dict = as<Dict>(call, "a call", place);
  const List& args = wanted<List>(dict, "args", place);
  const Dict& kwargs = wanted<Dict>(dict, "kwargs", place);
  Arguments arguments(out, place);
  size_t next = 0;
  for (const KerasOp::Param& param : op->params) {
    if (param.setting) continue;
    const Value* named = entry(kwargs, param.name);
    if (param.variadic) {
      arguments.many(param, List(args.begin() + static_cast<std::ptrdiff_t>(std::min(next, args.size())), args.end()));
      next = args.size();
    } else if (next < args.size() || named) {
      const Value& value = next < args.size() ? args[next++] : *named;
      if (param.list)
        arguments.many(param, as<List>(value, "a list of tensors", place));
      else
        arguments.one(param, value);
    }
  }
  if (next < args.size()) throw Error(Status::format, "too many arguments of " + cls, place);
  for (const auto& [key, value] : config) {
    const KerasOp::Param* param = op->param(key);
    if (param)
      keep_setting(*param, value, out.attrs);
    else if (key != "name" && !value.null() && !same(value, false))
      out.attrs[key] = value;
  }
  if (out.tensors.empty()) throw Error(Status::format, "a call without inputs", place);
  return out;
}

std::optional<ParsedOperation> parse_lambda(const Dict& config, const Value& call, const Place& place) {
  const KerasOp* op = cards::tensorflow_function(text_or_empty(config, "function"));
  if (!op) return std::nullopt;
  ParsedOperation out;
  out.op = std::string(operation_prefix) + op->cls;
  const auto is_argument = [](const Value& value) {
    const List* list = value.get<List>();
    return list && list->size() == 4 && (*list)[0].get<std::string>() && (*list)[3].get<Dict>();
  };
  const List single{call};
  const List& first = is_argument(call) ? single : as<List>(call, "a call", place);
  if (first.empty()) throw Error(Status::format, "a call without arguments", place);
  List constants;
  bool any = false;
  for (const Value& value : first) {
    if (!is_argument(value)) throw Error(Status::format, "a call that does not name the layer it reads", place);
    const List& argument = *value.get<List>();
    constants.emplace_back();
    if (*argument[0].get<std::string>() == constant_mark) {
      constants.back() = argument[2];
      any = true;
    } else if (is_reference(value)) {
      out.tensors.push_back(to_reference(value));
    } else {
      throw Error(Status::format, "a call that does not name the layer it reads", place);
    }
  }
  const KerasOp::Param& head = op->params.front();
  if (!head.many() && first.size() != 1) return std::nullopt;
  if (any) out.attrs[head.name] = head.many() ? Value(constants) : constants.front();
  Dict rest = *(*first.front().get<List>())[3].get<Dict>();
  rest.erase("name");
  size_t index = 0;
  for (const KerasOp::Twin& twin : op->twins) {
    const Value* given = entry(rest, twin.name);
    if (!twin.fixed.null()) {
      if (!given || !same(*given, twin.fixed)) return std::nullopt;
      rest.erase(twin.name);
      continue;
    }
    const KerasOp::Param& param = op->params.at(index++);
    if (index == 1 || !given) continue;
    if (is_reference(*given)) {
      if (param.setting) return std::nullopt;
      out.tensors.push_back(to_reference(*given));
    } else if (param.setting) {
      const auto value = KerasOp::from_tensorflow(twin, *given);
      if (!value) return std::nullopt;
      keep_setting(param, *value, out.attrs);
    } else if (!given->null()) {
      out.attrs[param.name] = *given;
    }
    rest.erase(twin.name);
  }
  for (const auto& [key, value] : rest) {
    if (!value.null()) return std::nullopt;
  }
  if (out.tensors.empty()) throw Error(Status::format, "a call without inputs", place);
  return out;
}

std::string operation_text(const Node& node) {
  Dict attrs;
  for (const auto& [key, value] : node.attrs) {
    const List* list = value.get<List>();
    List plain;
    for (const Value& one : list ? *list : List{}) plain.push_back(keras2_value(one));
    attrs[key] = list ? Value(std::move(plain)) : keras2_value(value);
  }
  return node.op + wire::print_json(attrs);
}

}  // namespace keraft::formats
