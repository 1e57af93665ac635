#include "formats/graphdef/function_body.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

#include "cards/op_types.h"
#include "formats/graphdef/build.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

const Value* attr_of(const wire::RawNode& node, std::string_view name) {
  const auto found = std::find_if(node.attrs.begin(), node.attrs.end(), [&](const auto& attr) { return attr.name == name; });
  return found == node.attrs.end() ? nullptr : &found->value;
}

/// "node:output:1", as functions name what a graph calls "node:4".
std::optional<std::string> output_name(const wire::RawNode& node, int port) {
  const auto types = cards::op_types(node.op);
  if (!types) return std::nullopt;
  for (const cards::OpTypes::Arg& arg : types->outs) {
    int64_t size = 1;
    if (!arg.count.empty()) {
      const Value* count = attr_of(node, arg.count);
      if (!count || !count->get<int64_t>()) return std::nullopt;
      size = *count->get<int64_t>();
    } else if (!arg.types.empty()) {
      const Value* list = attr_of(node, arg.types);
      if (!list || !list->get<List>()) return std::nullopt;
      size = static_cast<int64_t>(list->get<List>()->size());
    }
    if (port < size) return node.name + ":" + std::string(arg.name) + ":" + std::to_string(port);
    port -= static_cast<int>(size);
  }
  return std::nullopt;
}

/// As TensorFlow names arguments of functions: lower case letters, digits and underscores.
std::string arg_name(std::string_view wanted) {
  std::string out;
  for (const char c : wanted) {
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out += std::isalnum(static_cast<unsigned char>(lower)) ? lower : '_';
  }
  return out.empty() || !std::isalpha(static_cast<unsigned char>(out.front())) ? "arg_" + out : out;
}

std::string fresh(const std::string& wanted, std::set<std::string, std::less<>>& taken) {
  std::string out = wanted;
  for (int number = 1; !taken.insert(out).second; ++number) out = wanted + "_" + std::to_string(number);
  return out;
}

class Body {
 public:
  Body(const RawNodes& raw, size_t results) : raw_(raw), results_(results) {
    for (const wire::RawNode& node : raw.nodes) {
      by_name_.emplace(node.name, &node);
      taken_.insert(node.name);
    }
    // An argument may have the name of what it stands for.
    for (const RawNodes::End& input : raw.inputs) taken_.erase(parse_tensor_name(input.tensor)->node);
    for (const RawNodes::Variable& variable : raw.variables) taken_.erase(variable.name);
  }

  std::optional<FunctionBody> run(const std::string& name) {
    out_.head.name = name;
    for (const RawNodes::End& input : raw_.inputs) {
      const std::string own = fresh(arg_name(input.name), taken_);
      args_.emplace(parse_tensor_name(input.tensor)->node, own);
      out_.head.args.push_back({own, input.type});
    }
    reach();
    for (const RawNodes::Variable& variable : raw_.variables) {
      if (needed_.contains(variable.name)) bind(variable);
    }
    for (const wire::RawNode& node : raw_.nodes) {
      if (needed_.contains(node.name) && !args_.contains(node.name)) copy(node);
    }
    for (size_t i = results_; i < raw_.outputs.size(); ++i) assign(raw_.outputs[i]);
    for (size_t i = 0; i < results_; ++i) give(raw_.outputs[i], i);
    if (unknown_) return std::nullopt;
    return std::move(out_);
  }

 private:
  void reach() {
    std::vector<std::string> open;
    const auto need = [&](const std::string& edge) {
      std::string node = parse_tensor_name(edge)->node;
      if (needed_.insert(node).second) open.push_back(std::move(node));
    };
    for (const RawNodes::End& output : raw_.outputs) need(output.tensor);
    for (size_t i = results_; i < raw_.outputs.size(); ++i) need(variable(raw_.outputs[i].name).name);
    while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      if (args_.contains(name)) continue;
      for (const std::string& edge : by_name_.at(name)->inputs) need(edge);
    }
  }

  const RawNodes::Variable& variable(std::string_view weight) const {
    const auto found = std::find_if(raw_.variables.begin(), raw_.variables.end(),
                                    [&](const RawNodes::Variable& one) { return one.weight == weight; });
    if (found == raw_.variables.end())
      throw Error(Status::internal, "a value for a weight that the graph does not have", {{}, {}, std::string(weight)});
    return *found;
  }

  void bind(const RawNodes::Variable& variable) {
    const std::string own = fresh(arg_name(variable.name), taken_);
    args_.emplace(variable.name, own);
    out_.head.args.push_back({own, {DType::resource, Shape(Dims{})}});
    out_.weights.push_back(variable.weight);
  }

  std::string edge(const std::string& text) {
    const auto name = parse_tensor_name(text);
    const auto arg = args_.find(name->node);
    if (name->control) return "^" + (arg == args_.end() ? name->node : arg->second);
    if (arg != args_.end()) return arg->second;
    const auto out = output_name(*by_name_.at(name->node), name->port);
    unknown_ = unknown_ || !out;
    return out.value_or(std::string());
  }

  void copy(const wire::RawNode& node) {
    wire::RawNode own = node;
    for (std::string& input : own.inputs) input = edge(input);
    out_.nodes.push_back(std::move(own));
  }

  void add(std::string name, const char* op, std::vector<std::string> inputs, const char* type, DType dtype) {
    out_.nodes.push_back({std::move(name), op, std::move(inputs), {{type, 't', dtype}}, nullptr});
  }

  void assign(const RawNodes::End& output) {
    const std::string name = fresh("AssignVariableOp", taken_);
    add(name, "AssignVariableOp", {args_.at(variable(output.name).name), edge(output.tensor)}, "dtype", output.type.dtype);
    out_.head.effects.push_back(name);
  }

  void give(const RawNodes::End& output, size_t index) {
    const std::string name = fresh("Identity", taken_);
    std::vector<std::string> inputs{edge(output.tensor)};
    for (const std::string& effect : out_.head.effects) inputs.push_back("^" + effect);
    add(name, "Identity", std::move(inputs), "T", output.type.dtype);
    out_.head.results.push_back({"result_" + std::to_string(index), output.type, name + ":output:0"});
  }

  const RawNodes& raw_;
  size_t results_;
  std::map<std::string_view, const wire::RawNode*> by_name_;
  std::set<std::string, std::less<>> taken_, needed_;
  std::map<std::string, std::string, std::less<>> args_;  ///< by the node that an argument stands for
  bool unknown_ = false;
  FunctionBody out_;
};

List types(const auto& ends) {
  List out;
  for (const auto& end : ends) out.emplace_back(end.type.dtype);
  return out;
}

}  // namespace

std::optional<FunctionBody> function_body(const std::string& name, const RawNodes& raw, size_t results) {
  return Body(raw, results).run(name);
}

FunctionBody function_caller(const std::string& name, const FunctionBody& callee, const FunctionCaller& how) {
  FunctionBody out;
  out.head.name = name;
  out.weights = callee.weights;
  std::set<std::string, std::less<>> taken;
  std::vector<std::string> arguments(callee.head.args.size());
  for (size_t i = 0; i < how.inputs.size(); ++i) {
    const std::string own = fresh(arg_name(how.input_names[i]), taken);
    out.head.args.push_back({own, callee.head.args[how.inputs[i]].type});
    arguments[how.inputs[i]] = own;
  }
  for (size_t i = how.inputs.size(); i < callee.head.args.size(); ++i) {
    arguments[i] = fresh(callee.head.args[i].name, taken);
    out.head.args.push_back({arguments[i], callee.head.args[i].type});
  }
  const std::string call = fresh("StatefulPartitionedCall", taken);
  for (size_t i = 0; i < how.results.size(); ++i) {
    const std::string own = fresh(arg_name(how.result_names[i]), taken);
    out.head.results.push_back(
        {own, callee.head.results[how.results[i]].type, call + ":output:" + std::to_string(how.results[i])});
  }
  out.nodes.push_back({call,
                       "StatefulPartitionedCall",
                       std::move(arguments),
                       {{"Tin", 'T', types(callee.head.args)},
                        {"Tout", 'T', types(callee.head.results)},
                        {"f", 'u', FunctionRef{callee.head.name, {}}}},
                       nullptr});
  return out;
}

}  // namespace keraft::formats
