#include "emit/keras_code.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/string.h"
#include "cards/generated.h"
#include "cards/layer_card.h"
#include "emit/layer_class.h"
#include "emit/python_text.h"
#include "ir/operation.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

/// Where Keras keeps what an entry like this holds.
const char* module_of(const std::string& key) {
  if (key.ends_with("regularizer")) return "keras.regularizers.";
  if (key.ends_with("initializer")) return "keras.initializers.";
  if (key.ends_with("constraint")) return "keras.constraints.";
  if (key == "learning_rate") return "keras.optimizers.schedules.";
  return nullptr;
}

Expr keyword(const std::string& key, Expr value) {
  value.text = key + "=" + value.text;
  return value;
}

Expr text_of(const Value& value, const std::string& key, const Registry& registry);

/// The arguments of a class, in the order of its card.
std::vector<Expr> arguments(const std::string& cls, const Dict& config, const Registry& registry) {
  std::vector<Expr> out;
  const LayerCard* card = registry.layer(cls);
  std::set<std::string> said{"name", "form"};
  bool in_front = true;
  for (const LayerCard::Field& field : card ? card->fields : std::vector<LayerCard::Field>{}) {
    const auto entry = config.find(field.name);
    in_front = in_front && !field.fallback;
    said.insert(field.name);
    if (entry == config.end() || (field.fallback && card->holds(config, {{field.name, *field.fallback}}))) continue;
    const Expr value = text_of(entry->second, field.name, registry);
    out.push_back(in_front ? value : keyword(field.name, value));
  }
  for (const auto& [key, value] : config) {
    if (said.contains(key) || (key == "dtype" && value == Value("float32"))) continue;
    out.push_back(keyword(key, text_of(value, key, registry)));
  }
  return out;
}

Expr call_of(const std::string& function, std::vector<Expr> items) { return {function, "(", std::move(items), ")"}; }

/// A layer, regularizer or the like inside a config.
Expr object(const Dict& dict, const std::string& key, const Registry& registry) {
  const auto cls = dict.find("class_name"), config = dict.find("config");
  const std::string* name = cls == dict.end() ? nullptr : cls->second.get<std::string>();
  const Dict* entries = config == dict.end() ? nullptr : config->second.get<Dict>();
  if (name && entries) {
    const char* module = module_of(key);
    auto items = arguments(*name, *entries, registry);
    if (const auto own = entries->find("name"); !module && own != entries->end())
      items.push_back(keyword("name", text_of(own->second, "name", registry)));
    return call_of((module ? module : "layers.") + *name, std::move(items));
  }
  Expr out{{}, "{", {}, "}"};
  for (const auto& [inner, value] : dict) {
    Expr one = text_of(value, inner, registry);
    one.text = quoted(inner) + ": " + one.text;
    out.items.push_back(std::move(one));
  }
  return out;
}

Expr text_of(const Value& value, const std::string& key, const Registry& registry) {
  if (value.null()) return plain("None");
  if (const bool* flag = value.get<bool>()) return plain(*flag ? "True" : "False");
  if (const std::string* text = value.get<std::string>()) return plain(quoted(*text));
  if (const DType* dtype = value.get<DType>()) return plain(quoted(std::string(name_of(*dtype))));
  if (const Dict* dict = value.get<Dict>()) return object(*dict, key, registry);
  if (const List* list = value.get<List>()) {
    const bool numbers =
        std::all_of(list->begin(), list->end(), [](const Value& one) { return one.number() || one.null() || one.get<List>(); });
    Expr out{{}, numbers ? "(" : "[", {}, numbers ? ")" : "]"};
    for (const Value& one : *list) out.items.push_back(text_of(one, key, registry));
    if (numbers && out.items.size() == 1) out.close = ",)";
    return out;
  }
  return plain(number_text(value));
}

class Code {
 public:
  Code(const Graph& graph, const Registry& registry) : graph_(graph), registry_(registry), order_(graph.order()) {
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      if (node.layer >= 0) ++calls_[node.layer];
      for (const Edge& edge : node.inputs) readers_[edge.node].push_back(id);
    }
    for (const auto* ports : {&graph_.inputs, &graph_.outputs}) {
      for (const Port& port : *ports) given_.insert(port.edge.node);
    }
  }

  std::string build_model() {
    check();
    return "def build_model():\n" + (is_stack() ? sequential() : functional());
  }

  /// Classes of their own, with their code.
  std::map<std::string, std::string> classes() const {
    std::map<std::string, std::string> out;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      if (node.layer >= 0 && !layer_of(node).code.empty()) out.emplace(layer_of(node).cls, layer_of(node).code);
    }
    return out;
  }

  bool has_operations() const {
    return std::any_of(order_.begin(), order_.end(), [&](NodeId id) { return is_operation(graph_.at(id)); });
  }

 private:
  const Layer& layer_of(const Node& node) const { return graph_.layers[static_cast<size_t>(node.layer)]; }

  void check() const {
    std::string lost;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      const std::string name = "\n  " + base::escaped(node.name) + ": ";
      if (node.layer < 0 && !is_operation(node) && node.op != "ir/Input") lost += name + "the raw op " + node.op;
      if (node.layer >= 0 && !layer_of(node).registered.empty() && layer_of(node).code.empty())
        lost += name + "the class " + base::escaped(layer_of(node).registered) + " is not Keras' own";
    }
    if (!lost.empty()) throw Error(Status::unsupported, "Keras code cannot say:" + lost);
  }

  /// One layer behind the other, each called once on one tensor.
  bool is_stack() const {
    if (graph_.inputs.size() != 1 || graph_.outputs.size() != 1) return false;
    Edge last = graph_.inputs[0].edge;
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      if (node.op == "ir/Input") continue;
      if (node.layer < 0 || calls_.at(node.layer) != 1 || node.inputs != std::vector<Edge>{last} || !node.attrs.empty())
        return false;
      last = {id, 0};
    }
    return graph_.outputs[0].edge == last;
  }

  Expr input(NodeId id) const {
    const Node& node = graph_.at(id);
    const TensorType type = graph_.type({id, 0});
    if (!type.shape.has_rank() || type.shape.rank() == 0)
      throw Error(Status::unsupported, "an input without a batch dimension; give its shape", {{}, {}, node.name});
    Expr shape{{}, "(", {}, type.shape.rank() == 2 ? ",)" : ")"};
    for (size_t axis = 1; axis < type.shape.rank(); ++axis) {
      const Dim& dim = type.shape[axis];
      shape.items.push_back(plain(dim.known() ? std::to_string(dim.value()) : "None"));
    }
    std::vector<Expr> items{std::move(shape)};
    if (type.shape[0].known()) items.push_back(plain("batch_size=" + std::to_string(type.shape[0].value())));
    if (type.dtype != DType::f32) items.push_back(plain("dtype=" + quoted(std::string(name_of(type.dtype)))));
    items.push_back(plain("name=" + quoted(node.name)));
    return call_of("keras.Input", std::move(items));
  }

  /// The layer object.
  Expr object_of(const Layer& layer) const {
    auto items = arguments(layer.cls, layer.config, registry_);
    if (!layer.trainable) items.push_back(plain("trainable=False"));
    items.push_back(plain("name=" + quoted(layer.name)));
    return call_of((layer.code.empty() ? "layers." : "") + layer.cls, std::move(items));
  }

  std::string sequential() const {
    Expr list{{}, "[", {}, "]"};
    for (const NodeId id : order_) {
      const Node& node = graph_.at(id);
      list.items.push_back(node.layer < 0 ? input(id) : object_of(layer_of(node)));
    }
    return compiled(call_of("keras.Sequential", {std::move(list), plain("name=" + quoted(model_name("sequential")))}));
  }

  std::string model_name(const char* otherwise) const { return graph_.name.empty() ? otherwise : identifier(graph_.name); }

  std::string functional() {
    std::string out;
    for (size_t i = 0; i < order_.size(); ++i) {
      const NodeId id = order_[i];
      const Node& node = graph_.at(id);
      std::vector<std::string> from;
      for (const Edge& edge : node.inputs) from.push_back(tensor(edge));
      const std::string& name = names_[id] = variable(id, i);
      if (node.op == "ir/Input") {
        Expr made = input(id);
        made.text = name + " = " + made.text;
        out += laid_out(made, 4);
      } else if (is_operation(node)) {
        out += laid_out(bracketed(name + " = " + python_call(node, [&](Edge edge) { return tensor(edge); })), 4);
      } else {
        out += call(node, name, from);
      }
    }
    const auto ends = [&](const std::vector<Port>& ports) {
      if (ports.size() == 1) return plain(tensor(ports[0].edge));
      Expr list{{}, "[", {}, "]"};
      for (const Port& port : ports) list.items.push_back(plain(tensor(port.edge)));
      return list;
    };
    return out + compiled(call_of("keras.Model",
                                  {ends(graph_.inputs), ends(graph_.outputs), plain("name=" + quoted(model_name("model")))}));
  }

  std::string call(const Node& node, const std::string& name, const std::vector<std::string>& from) {
    const Layer& layer = layer_of(node);
    const LayerCard* card = registry_.layer(layer.cls);
    const bool spread = from.size() == 1 || (card && card->spreads_inputs);
    std::vector<Expr> given;
    for (const std::string& one : from) given.push_back(plain(one));
    if (!spread) given = {{{}, "[", std::move(given), "]"}};
    for (const auto& [key, value] : node.attrs) given.push_back(keyword(key, text_of(value, key, registry_)));
    if (calls_.at(node.layer) == 1) {
      Expr made = object_of(layer);
      made.text = name + " = " + made.text;
      made.given = std::move(given);
      return laid_out(made, 4);
    }
    std::string out;
    auto [object, fresh] = objects_.try_emplace(node.layer);
    if (fresh) {
      object->second = free(identifier(layer.name) + "_layer");
      Expr made = object_of(layer);
      made.text = object->second + " = " + made.text;
      out += laid_out(made, 4);
    }
    return out + laid_out(call_of(name + " = " + object->second, std::move(given)), 4);
  }

  /// A tensor that only the next line reads is x.
  std::string variable(NodeId id, size_t at) {
    const auto readers = readers_.find(id);
    const bool next = readers != readers_.end() && readers->second.size() == 1 && at + 1 < order_.size() &&
                      readers->second.front() == order_[at + 1] && !given_.contains(id);
    return next ? "x" : free(identifier(graph_.at(id).name));
  }

  std::string free(const std::string& wanted) {
    std::string out = wanted;
    for (int number = 2; !taken_.insert(out).second; ++number) out = wanted + "_" + std::to_string(number);
    return out;
  }

  std::string tensor(Edge edge) const {
    const std::string& name = names_.at(edge.node);
    const Node& node = graph_.at(edge.node);
    const size_t results = node.layer >= 0 ? cards::generated_results(layer_of(node)).size() : node.outputs.size();
    return results > 1 ? name + "[" + std::to_string(edge.port) + "]" : name;
  }

  /// The model, compiled when it is known how.
  std::string compiled(Expr model) const {
    const bool known = graph_.training && graph_.training->optimizer && !graph_.training->losses.empty();
    model.text = (known ? "model = " : "return ") + model.text;
    if (!known) return laid_out(model, 4);
    const Optimizer& optimizer = *graph_.training->optimizer;
    Expr losses{"loss=", "[", {}, "]"};
    bool weighted = false;
    std::vector<Expr> weights;
    for (const Loss& loss : graph_.training->losses) {
      losses.items.push_back(call_of("keras.losses." + loss.cls, arguments({}, loss.config, registry_)));
      weights.push_back(text_of(loss.weight, {}, registry_));
      weighted = weighted || loss.weight != 1;
    }
    if (losses.items.size() == 1) losses = keyword("loss", losses.items.front());
    std::vector<Expr> items{
        keyword("optimizer", call_of("keras.optimizers." + optimizer.cls, arguments({}, optimizer.config, registry_))),
        std::move(losses)};
    if (weighted) items.push_back({"loss_weights=", "[", std::move(weights), "]"});
    return laid_out(model, 4) + laid_out(call_of("model.compile", std::move(items)), 4) + "    return model\n";
  }

  const Graph& graph_;
  const Registry& registry_;
  std::vector<NodeId> order_;
  std::map<int32_t, int> calls_;  ///< by layer
  std::map<NodeId, std::vector<NodeId>> readers_;
  std::set<NodeId> given_;
  std::map<NodeId, std::string> names_;
  std::map<int32_t, std::string> objects_;
  std::set<std::string> taken_{"x", "keras", "layers", "np", "ops", "pathlib", "model", "build_model", "load"};
};

}  // namespace

std::string keras_code(const Graph& graph, const Registry& registry, const std::string& about) {
  Code code(graph, registry);
  const std::string body = code.build_model();
  const auto classes = code.classes();
  const bool ops = code.has_operations() || !classes.empty();
  std::string out = "\"\"\"" + about +
                    "\"\"\"\n\nimport pathlib\n\nimport keras\nimport numpy as np\nfrom keras import layers" +
                    (ops ? ", ops\n" : "\n");
  for (const auto& [cls, text] : classes) out += "\n\n" + text + (text.ends_with('\n') ? "" : "\n");
  out += "\n\n" + body;
  out +=
      "\n\ndef load(path=None):\n"
      "    \"\"\"The model with its weights, from the .npz beside this file or `path`.\"\"\"\n"
      "    model = build_model()\n"
      "    with np.load(path or pathlib.Path(__file__).with_suffix(\".npz\")) as weights:\n"
      "        for layer in model.layers:\n"
      "            keys = [key for key in weights if key.rpartition(\"/\")[0] == layer.name]\n"
      "            if keys:\n"
      "                layer.set_weights([weights[key] for key in keys])\n"
      "    return model\n"
      "\n\nif __name__ == \"__main__\":\n"
      "    load().summary()\n";
  return out;
}

std::vector<std::pair<std::string, Tensor>> keras_code_weights(const Graph& graph) {
  std::vector<std::pair<std::string, Tensor>> out;
  for (const Layer& layer : graph.layers) {
    for (const Slot& slot : layer.slots) out.emplace_back(layer.name + "/" + slot.name, slot.value);
  }
  return out;
}

}  // namespace keraft::emit
