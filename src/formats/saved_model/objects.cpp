#include "formats/saved_model/objects.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>

namespace keraft::formats {
namespace {

using wire::SavedNode;
using wire::Structured;

constexpr const char *user_object = "_generic_user_object", *list_of_objects = "trackable_list_wrapper",
                     *map_of_signatures = "signature_map";

using Form = Structured::Kind;

Structured items_of(Form kind, std::vector<Structured> items) {
  Structured out{kind};
  out.items = std::move(items);
  return out;
}
Structured tuple_of(std::vector<Structured> items) { return items_of(Form::tuple, std::move(items)); }
Structured list_of(std::vector<Structured> items) { return items_of(Form::list, std::move(items)); }
Structured flag_of(bool flag) { return {Form::flag, flag}; }
Structured spec_of(const RawNodes::End& end) { return {Form::tensor, false, end.name, end.type}; }

/// One tensor alone, or a list: how Keras' functional models are called, and what they give.
Structured one_or_list(const std::vector<RawNodes::End>& ends) {
  if (ends.size() == 1) return spec_of(ends.front());
  std::vector<Structured> items;
  for (const RawNodes::End& end : ends) items.push_back(spec_of(end));
  return list_of(std::move(items));
}

std::vector<size_t> in_order(size_t size) {
  std::vector<size_t> out(size);
  std::iota(out.begin(), out.end(), size_t{0});
  return out;
}

/// As TensorFlow takes the values of a dict.
std::vector<size_t> sorted(const std::vector<RawNodes::End>& ends) {
  std::vector<size_t> out = in_order(ends.size());
  std::sort(out.begin(), out.end(), [&](size_t a, size_t b) { return ends[a].name < ends[b].name; });
  return out;
}

std::vector<std::string> names_of(const std::vector<RawNodes::End>& ends, const std::vector<size_t>& order) {
  std::vector<std::string> out;
  for (const size_t at : order) out.push_back(ends[at].name);
  return out;
}

Structured dict_of(const std::vector<RawNodes::End>& ends, const std::vector<size_t>& order) {
  Structured out{Form::dict};
  for (const size_t at : order) out.items.push_back(spec_of(ends[at]));
  out.keys = names_of(ends, order);
  return out;
}

/// inspect.FullArgSpec of `def call(<args>)`, the last of which has the default.
Structured arguments(const std::vector<const char*>& args, std::vector<Structured> defaults) {
  std::vector<Structured> listed;
  for (const char* arg : args) listed.push_back({Form::text, false, arg});
  const Structured none;
  Structured out{Form::named_tuple, false, "FullArgSpec"};
  out.keys = {"args", "varargs", "varkw", "defaults", "kwonlyargs", "kwonlydefaults", "annotations"};
  out.items = {
      list_of(std::move(listed)), none, none, defaults.empty() ? none : tuple_of(std::move(defaults)), list_of({}), none,
      Structured{Form::dict}};
  return out;
}

class Objects {
 public:
  Objects(const RawNodes& raw, const RawNodes* training) : raw_(raw), training_(training) {}

  std::optional<SavedObjects> run(const std::vector<std::string>& signatures) {
    auto in_use = function_body(fresh("model"), raw_, raw_.outputs.size());
    auto in_training =
        training_ && in_use ? function_body(fresh("model_in_training"), *training_, raw_.outputs.size()) : std::nullopt;
    if (!in_use || (training_ && !in_training)) return std::nullopt;
    const int root = add(user_object);
    variables();
    out_.functions.push_back(std::move(*in_use));
    if (in_training) out_.functions.push_back(std::move(*in_training));
    const size_t trained = out_.functions.size() - 1;

    const Structured inputs = one_or_list(raw_.inputs), on = flag_of(true), off = flag_of(false);
    const std::vector<std::string> call{called("call", 0, {inputs, off}), called("call", trained, {inputs, on})};
    const std::string serve = called("serve", 0, {inputs});
    link(root, "signatures", signature_map(signatures));
    link(root, "__call__", add(SavedNode::Function{call, arguments({"inputs", "training"}, {off})}));
    link(root, "serve", add(SavedNode::Function{{serve}, arguments({"inputs"}, {})}));
    if (trained > 0) {
      const std::string learn = called("serve_training", trained, {inputs});
      link(root, "serve_training", add(SavedNode::Function{{learn}, arguments({"inputs"}, {})}));
    }
    return std::move(out_);
  }

 private:
  int add(decltype(SavedNode::kind) kind) {
    out_.nodes.push_back({{}, std::move(kind)});
    return static_cast<int>(out_.nodes.size() - 1);
  }
  int add(const char* identifier) { return add(decltype(SavedNode::kind)(std::string(identifier))); }
  void link(int from, std::string name, int to) {
    out_.nodes[static_cast<size_t>(from)].children.emplace_back(std::move(name), to);
  }
  std::string fresh(const std::string& what) { return "__inference_" + what + "_" + std::to_string(functions_++); }

  void variables() {
    for (const RawNodes::Variable& one : raw_.variables) {
      node_of_[one.weight] = add(SavedNode::Variable{one.name, {one.value.dtype, Shape::of(one.value.dims)}, one.trainable});
    }
    listed("variables", [](const RawNodes::Variable&) { return true; });
    listed("trainable_variables", [](const RawNodes::Variable& one) { return one.trainable; });
    listed("non_trainable_variables", [](const RawNodes::Variable& one) { return !one.trainable; });
  }

  template <class Which>
  void listed(const char* name, Which which) {
    const int members = add(list_of_objects);
    link(0, name, members);
    int count = 0;
    for (const RawNodes::Variable& one : raw_.variables) {
      if (which(one)) link(members, std::to_string(count++), node_of_.at(one.weight));
    }
  }

  /// A function of its own, which calls function `callee`; its name.
  std::string caller(const std::string& what, size_t callee, const FunctionCaller& how, Structured inputs, Structured outputs) {
    FunctionBody made = function_caller(fresh(what), out_.functions[callee], how);
    wire::ConcreteFunction concrete{made.head.name, {}, std::move(inputs), std::move(outputs)};
    for (const std::string& weight : made.weights) concrete.bound.push_back(node_of_.at(weight));
    out_.concrete.push_back(std::move(concrete));
    out_.functions.push_back(std::move(made));
    return out_.functions.back().head.name;
  }

  /// Called with arguments by position, inputs and outputs as Keras has them.
  std::string called(const std::string& what, size_t callee, std::vector<Structured> positional) {
    const std::vector<size_t> inputs = in_order(raw_.inputs.size()), outputs = in_order(raw_.outputs.size());
    return caller(what, callee, {inputs, outputs, names_of(raw_.inputs, inputs), names_of(raw_.outputs, outputs)},
                  tuple_of({tuple_of(std::move(positional)), Structured{Form::dict}}), one_or_list(raw_.outputs));
  }

  int signature_map(const std::vector<std::string>& keys) {
    const int map = add(map_of_signatures);
    const std::vector<size_t> inputs = sorted(raw_.inputs), outputs = sorted(raw_.outputs);
    const std::vector<std::string> keywords = names_of(raw_.inputs, inputs);
    for (const std::string& key : keys) {
      const std::string function =
          caller("signature_wrapper", 0, {inputs, outputs, keywords, names_of(raw_.outputs, outputs)},
                 tuple_of({tuple_of({}), dict_of(raw_.inputs, inputs)}), dict_of(raw_.outputs, outputs));
      link(map, key, add(SavedNode::Signature{function, keywords}));
    }
    return map;
  }

  const RawNodes& raw_;
  const RawNodes* training_;
  std::map<std::string, int, std::less<>> node_of_;  ///< by weight
  int functions_ = 0;
  SavedObjects out_;
};

}  // namespace

std::optional<SavedObjects> saved_objects(const RawNodes& raw, const RawNodes* training,
                                          const std::vector<std::string>& signatures) {
  return Objects(raw, training).run(signatures);
}

wire::ObjectGraph stored_objects(const SavedObjects& saved, const RawNodes& raw, const wire::ObjectGraph* keras) {
  wire::ObjectGraph out;
  std::map<std::string_view, int> node_of;
  size_t variables = 0;
  for (const SavedNode& node : saved.nodes) {
    wire::Object& object = out.nodes.emplace_back();
    object.children = node.children;
    object.variable = std::holds_alternative<SavedNode::Variable>(node.kind);
    if (!object.variable) continue;
    object.full_name = object.checkpoint_key = raw.variables[variables].weight;
    node_of.emplace(raw.variables[variables++].weight, static_cast<int>(out.nodes.size() - 1));
  }
  if (!keras) return out;
  std::vector<int> moved;  // the Keras model's root is this one's
  for (const wire::Object& object : keras->nodes) {
    const auto known = object.variable ? node_of.find(object.checkpoint_key) : node_of.end();
    moved.push_back(moved.empty() ? 0 : known != node_of.end() ? known->second : static_cast<int>(out.nodes.size()));
    if (moved.back() == static_cast<int>(out.nodes.size())) {
      out.nodes.push_back(object);
      out.nodes.back().children.clear();
    }
  }
  for (size_t i = 0; i < keras->nodes.size(); ++i) {
    auto& children = out.nodes[static_cast<size_t>(moved[i])].children;
    for (const auto& [name, child] : keras->nodes[i].children) children.emplace_back(name, moved[static_cast<size_t>(child)]);
  }
  return out;
}

}  // namespace keraft::formats
