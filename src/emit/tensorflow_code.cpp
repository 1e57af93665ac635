#include "emit/tensorflow_code.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/string.h"
#include "cards/wrapped.h"
#include "emit/python_text.h"
#include "emit/tensorflow_body.h"
#include "emit/tensorflow_call.h"
#include "emit/tensorflow_training.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

const std::set<std::string, std::less<>> module_names{
    "name",   "name_scope", "submodules", "variables", "trainable_variables", "non_trainable_variables", "with_name_scope",
    "logits", "train_step", "optimizer"};
const std::set<std::string, std::less<>> python_names{"self",      "tf",          "np",   "math",  "pathlib",
                                                      "training",  "y",           "zip",  "loss",  "tape",
                                                      "gradients", "build_model", "load", "slots", "glorot_uniform"};

std::string dims_text(const std::vector<int64_t>& dims) {
  std::vector<std::string> parts;
  for (const int64_t dim : dims) parts.push_back(std::to_string(dim));
  return "[" + base::join(parts, ", ") + "]";
}

class LowLevelCode {
 public:
  LowLevelCode(const TensorFlowSource& source, const Registry& registry)
      : source_(source),
        graph_(source.ops),
        registry_(registry),
        order_(source.ops.order()),
        body_{graph_, registry, order_, source.blocks, source.training, {}, python_names} {
    name_constants();
    std::set<std::string, std::less<>> taken = python_names;
    for (const Port& port : graph_.inputs) inputs_.push_back({port.edge, fresh(identifier(port.name), taken)});
  }

  TensorFlowCode run(const std::string& about) {
    if (source_.training && source_.layers) check_training(*source_.layers, registry_);
    steps_ = source_.training && source_.layers && has_training_step(*source_.layers);
    split();
    name_predictions();
    const std::string methods = forward();
    const std::string step = steps_ ? train_step() : "";
    const std::string cls = class_name();
    const std::string variables = constructor();
    std::string out = "\"\"\"" + about + "\"\"\"\n\n" + (needs_glorot_ ? "import math\n" : "") +
                      "import pathlib\n\nimport numpy as np\nimport tensorflow as tf\n" + (needs_glorot_ ? glorot() : "");
    if (steps_) out += "\n\n" + optimizer_code(*source_.layers->training->optimizer, weight_type(), registry_);
    out += "\n\nclass " + cls + "(tf.Module):\n    \"\"\"" + described() + "\"\"\"\n\n" + variables + methods + step +
           loading(cls);
    TensorFlowCode made{std::move(out), std::move(weights_)};
    if (steps_) {
      for (auto& one : optimizer_weights(*source_.layers, weight_type(), registry_)) made.weights.push_back(std::move(one));
    }
    return made;
  }

 private:
  static std::string fresh(const std::string& wanted, std::set<std::string, std::less<>>& taken) {
    std::string out = wanted;
    for (int number = 2; !taken.insert(out).second; ++number) out = wanted + "_" + std::to_string(number);
    return out;
  }

  /// Variables and large constants are attributes of the module.
  void name_constants() {
    std::set<std::string, std::less<>> taken = module_names;
    std::set<std::string, std::less<>> keys;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      const Tensor* value = nullptr;
      if (node.op == "ir/Weight") {
        value = &graph_.weights.at(static_cast<size_t>(node.weight)).value;
      } else if (node.op == "tf/Const") {
        const auto attr = node.attrs.find("value");
        value = attr == node.attrs.end() ? nullptr : attr->second.get<Tensor>();
        if (!value || literal(*value)) continue;
      }
      if (!value) continue;
      const std::string name = node.op == "ir/Weight" ? graph_.weights[static_cast<size_t>(node.weight)].name : node.name;
      body_.attributes[id] = fresh(identifier(name), taken);
      keys_[id] = fresh(name, keys);
      values_[id] = value;
    }
  }

  /// The losses want what comes before the last activations.
  void split() {
    for (const Port& port : graph_.outputs) wanted_.push_back(behind(body_, port.edge));
    results_ = wanted_;
    logits_.assign(results_.size(), false);
    if (!steps_) return;
    std::map<NodeId, size_t> readers;
    for (const NodeId id : order_) {
      for (const Edge& edge : graph_.at(id).inputs) ++readers[behind(body_, edge).node];
    }
    const std::vector<Loss>& losses = source_.layers->training->losses;
    for (size_t i = 0; i < results_.size(); ++i) {
      const Node& last = graph_.at(results_[i].node);
      const bool alone = readers[results_[i].node] == 0 && std::count(results_.begin(), results_.end(), results_[i]) == 1;
      if (!alone || last.inputs.size() != 1 || !takes_logits(losses[i], last.op, registry_)) continue;
      wanted_[i] = behind(body_, last.inputs.front());
      logits_[i] = true;
    }
    split_ = std::find(logits_.begin(), logits_.end(), true) != logits_.end();
  }

  std::string signature(const std::string& name, bool training) const {
    Expr out{"def " + name, "(", {plain("self")}, ")"};
    for (const Named& one : inputs_) out.items.push_back(plain(one.name));
    if (training) out.items.push_back(plain("training=False"));
    return laid_out(out, 4, ":");
  }

  /// The methods that compute the model.
  std::string forward() {
    const Body whole = body(body_, inputs_, wanted_);
    modes_ = whole.has_modes;
    read_ = whole.read;
    if (!split_) return "\n" + signature("__call__", modes_) + whole.code;
    std::vector<std::string> arguments, names;
    for (const Named& one : inputs_) arguments.push_back(one.name);
    if (modes_) arguments.emplace_back("training");
    const std::string call = "self.logits(" + base::join(arguments, ", ") + ")";
    std::vector<Named> given;
    for (size_t i = 0; i < wanted_.size(); ++i) given.push_back({wanted_[i], wanted_.size() == 1 ? call : predictions_[i]});
    const Body rest = body(body_, given, results_);
    read_.insert(rest.read.begin(), rest.read.end());
    for (const Named& one : given) names.push_back(one.name);
    const std::string unpacked = names.size() == 1 ? "" : laid_out(bracketed(base::join(names, ", ") + " = " + call), 8);
    return "\n" + signature("logits", modes_) + "        \"\"\"The outputs before their last activation.\"\"\"\n" + whole.code +
           "\n" + signature("__call__", modes_) + unpacked + rest.code;
  }

  /// Names of the tensors that the losses read.
  void name_predictions() {
    std::set<std::string, std::less<>> taken = python_names;
    taken.insert("x");
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const bool one = wanted_.size() == 1;
      predictions_.push_back(fresh(one ? logits_[i] ? "logits" : "prediction" : identifier(graph_.outputs[i].name), taken));
    }
  }

  std::string train_step() {
    const std::string cls = source_.layers->training->optimizer->cls;
    std::string out = "\n    @tf.function\n    def train_step(self, x, y):\n        \"\"\"Takes a step of " + cls +
                      " on a batch; its loss before the step.\"\"\"\n        with tf.GradientTape() as tape:\n";
    std::vector<std::string> names;
    std::vector<Judged> judged;
    for (size_t i = 0; i < wanted_.size(); ++i) {
      names.push_back(predictions_[i]);
      judged.push_back({names.back(), wanted_.size() == 1 ? "y" : "y[" + std::to_string(i) + "]", logits_[i]});
    }
    const std::string call = std::string(split_ ? "self.logits" : "self") + (inputs_.size() == 1 ? "(x" : "(*x") +
                             (modes_ ? ", training=True)" : ")");
    out += laid_out(bracketed(base::join(names, ", ") + " = " + call), 12);
    std::vector<std::pair<std::string, std::string>> variables;
    bool sparse = false;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      if (node.op == "ir/Weight" && trains(id)) variables.emplace_back(body_.attributes.at(id), keys_.at(id));
      const OpCard* card = registry_.op(node.op);
      sparse = sparse || (card && card->picks_rows && !node.inputs.empty() &&
                          graph_.at(behind(body_, node.inputs.front()).node).op == "ir/Weight");
    }
    if (variables.empty())
      throw Error(Status::unsupported, "nothing in the model is trainable; convert with --infer", {{}, {}, class_name()});
    out += loss_code(*source_.layers, judged, variables, registry_);
    out += "        gradients = tape.gradient(loss, self.trainable_variables)\n";
    if (sparse) out += "        gradients = [tf.convert_to_tensor(g) for g in gradients]\n";
    return out + "        self.optimizer.apply(self.trainable_variables, gradients)\n        return loss\n";
  }

  bool trains(NodeId id) const {
    const Weight& weight = graph_.weights.at(static_cast<size_t>(graph_.at(id).weight));
    return weight.variable && weight.trainable && is_floating(weight.value.dtype);
  }

  /// The type that all trained weights have.
  DType weight_type() const {
    DType out = DType::invalid;
    for (const NodeId id : order_) {
      if (graph_.at(id).op != "ir/Weight" || !trains(id)) continue;
      const DType type = graph_.weights[static_cast<size_t>(graph_.at(id).weight)].value.dtype;
      if (out != DType::invalid && type != out)
        throw Error(Status::unsupported, "the trained weights have several types; convert with --infer",
                    {{}, {}, keys_.at(id)});
      out = type;
    }
    return out;
  }

  bool starts_as_ones(const std::string& key) const {
    for (const Layer& layer : source_.layers ? source_.layers->layers : std::vector<Layer>{}) {
      if (!key.starts_with(layer.name + "/")) continue;
      const auto spec = cards::spec_of(layer, key.substr(layer.name.size() + 1), registry_);
      if (spec) return spec->ones;
    }
    return false;
  }

  std::string constructor() {
    std::string out = "    def __init__(self):\n        super().__init__()\n";
    for (const NodeId id : order_) {
      if (!read_.contains(id)) continue;
      const Tensor& value = *values_.at(id);
      const bool weight = graph_.at(id).op == "ir/Weight";
      const bool trained = weight && trains(id);
      const bool kernel = trained && value.dims.size() >= 2;
      const std::string usual = value.dtype == DType::f32 ? "" : ", " + dtype_text(value.dtype);
      std::string first =
          std::string(starts_as_ones(keys_.at(id)) ? "tf.ones(" : "tf.zeros(") + dims_text(value.dims) + usual + ")";
      if (kernel) {
        first = "glorot_uniform(" + dims_text(value.dims) + ")";
        if (!usual.empty()) first = "tf.cast(" + first + usual + ")";
        needs_glorot_ = true;
      }
      if (value.dtype == DType::string)
        throw Error(Status::unsupported, "an .npz holds no strings, and the tensor is too large for code",
                    {{}, {}, keys_.at(id)});
      out += laid_out(bracketed("self." + body_.attributes.at(id) + " = tf.Variable(" + first +
                                (trained ? "" : ", trainable=False") + ", name=" + quoted(keys_.at(id)) + ")"),
                      8);
      weights_.emplace_back(keys_.at(id), value);
      narrow_ = narrow_ || value.dtype == DType::bf16;
    }
    const bool slots = steps_ && !source_.layers->training->optimizer->slots.empty();
    if (steps_)
      out += "        self.optimizer = " + source_.layers->training->optimizer->cls +
             (slots ? "(self.trainable_variables)\n" : "()\n");
    return out;
  }

  std::string class_name() const {
    std::string out = camel(identifier(graph_.name.empty() ? "model" : graph_.name));
    if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0]))) out = "Model" + out;
    if (steps_ && out == source_.layers->training->optimizer->cls) out += "Model";
    return out;
  }

  std::string shape_text(Edge edge) const {
    const TensorType type = graph_.type(edge);
    std::vector<std::string> parts;
    for (size_t i = 0; type.shape.has_rank() && i < type.shape.rank(); ++i) {
      const Dim& dim = type.shape[i];
      parts.push_back(dim.known() ? std::to_string(dim.value()) : i == 0 ? "batch" : "?");
    }
    return std::string(name_of(type.dtype)) + (type.shape.has_rank() ? " [" + base::join(parts, ", ") + "]" : "");
  }

  /// "image float32 [batch, 28, 28, 1] → float32 [batch, 10]"
  std::string described() const {
    std::vector<std::string> from, to;
    for (const Named& one : inputs_) from.push_back(one.name + " " + shape_text(one.edge));
    for (const Port& port : graph_.outputs)
      to.push_back((graph_.outputs.size() > 1 ? identifier(port.name) + " " : std::string()) + shape_text(port.edge));
    const std::string line = base::join(from, ", ") + " → " + base::join(to, ", ");
    if (line.size() < 76) return line;
    return base::join(from, ",\n    ") + "\n    → " + base::join(to, ",\n    ") + "\n    ";
  }

  static std::string glorot() {
    return "\n\ndef glorot_uniform(shape):\n"
           "    \"\"\"What a kernel starts with: random, smaller the more inputs and outputs it joins.\"\"\"\n"
           "    limit = (6 / (math.prod(shape[:-2]) * (shape[-2] + shape[-1]))) ** 0.5\n"
           "    return tf.random.uniform(shape, -limit, limit)\n";
  }

  std::string loading(const std::string& cls) const {
    const std::string value = narrow_ ? "tf.cast(weights[name], variable.dtype)" : "weights[name]";
    return "\n\ndef build_model():\n    return " + cls +
           "()\n"
           "\n\ndef load(path=None):\n"
           "    \"\"\"The model with its weights, from the .npz beside this file or `path`.\"\"\"\n"
           "    model = build_model()\n"
           "    variables = {variable.name: variable for variable in model.variables}\n"
           "    with np.load(path or pathlib.Path(__file__).with_suffix(\".npz\")) as weights:\n"
           "        for name in weights:\n" +
           (narrow_ ? "            variable = variables[name + \":0\"]\n            variable.assign(" + value + ")\n"
                    : "            variables[name + \":0\"].assign(" + value + ")\n") +
           "    return model\n"
           "\n\nif __name__ == \"__main__\":\n"
           "    for variable in load().variables:\n"
           "        print(variable.name, variable.dtype.name, variable.shape)\n";
  }

  const TensorFlowSource& source_;
  const Graph& graph_;
  const Registry& registry_;
  std::vector<NodeId> order_;
  BodySource body_;
  std::vector<Named> inputs_;
  std::map<NodeId, std::string> keys_;  ///< names of variables
  std::map<NodeId, const Tensor*> values_;
  std::vector<Edge> wanted_, results_;  ///< what the losses read; the outputs
  std::vector<bool> logits_;
  std::vector<std::string> predictions_;
  std::set<NodeId> read_;
  std::vector<std::pair<std::string, Tensor>> weights_;
  bool split_ = false, steps_ = false, modes_ = false, needs_glorot_ = false, narrow_ = false;
};

}  // namespace

bool has_training_step(const Graph& layers) {
  return layers.training && layers.training->optimizer && layers.training->losses.size() == layers.outputs.size();
}

std::vector<NodeId> scopes(const Graph& graph) {
  std::vector<NodeId> out;
  std::map<std::string_view, NodeId> numbers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const std::string_view scope = base::scope_of(graph.nodes[i].name);
    const auto mine = static_cast<NodeId>(i);
    out.push_back(scope.empty() ? mine : numbers.try_emplace(scope, mine).first->second);
  }
  return out;
}

TensorFlowCode tensorflow_code(const TensorFlowSource& source, const Registry& registry, const std::string& about) {
  return LowLevelCode(source, registry).run(about);
}

}  // namespace keraft::emit
