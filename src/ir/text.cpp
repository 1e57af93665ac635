// The text form of a graph:
//
//   graph "name"
//   weight "conv1/kernel" float32 [3, 3, 2, 5] {variable: true, trainable: true}
//   layer "conv1" Conv2D {filters: 5} {trainable: true} [["kernel", 0]]
//   conv1/Conv2D = tf/Conv2D(x, conv1/kernel, ^init, strides=[1, 1, 1, 1]) : float32 [B, 8, 8, 5]
//   input "x" x
//   output "y" conv1/Conv2D:0
//
// A name that is no identifier stands in quotes; "name:1" is output 1.

#include <map>

#include "base/string.h"
#include "ir/lexer.h"
#include "keraft/error.hpp"
#include "keraft/graph.hpp"

namespace keraft {
namespace {

std::string quoted(const std::string& text) { return Value(text).text(); }

std::string name_text(const std::string& name) {
  const bool plain =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.") == std::string::npos;
  return plain ? name : quoted(name);
}

std::string edge_text(const Graph& graph, Edge edge) {
  return name_text(graph.at(edge.node).name) + (edge.port ? ":" + std::to_string(edge.port) : "");
}

std::string type_text(const TensorType& type) { return std::string(name_of(type.dtype)) + " " + type.shape.text(); }

std::string node_text(const Graph& graph, const Node& node) {
  std::string out = name_text(node.name) + " = " + node.op + "(";
  std::string args;
  const auto add = [&](const std::string& text) { args += (args.empty() ? "" : ", ") + text; };
  for (const Edge& edge : node.inputs) add(edge_text(graph, edge));
  for (const NodeId control : node.control) add("^" + name_text(graph.at(control).name));
  if (node.layer >= 0) add("layer=" + std::to_string(node.layer));
  if (node.weight >= 0) add("weight=" + std::to_string(node.weight));
  for (const auto& [key, value] : node.attrs) add(key + "=" + value.text());
  out += args + ")";
  for (size_t i = 0; i < node.outputs.size(); ++i) out += (i ? ", " : " : ") + type_text(node.outputs[i]);
  return out;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : in_(text) {}

  Graph run() {
    while (!in_.done()) line();
    for (const auto& [slot, name] : open_) {
      const auto found = ids_.find(name.first);
      if (found == ids_.end()) throw Error(Status::argument, "no node is named " + base::escaped(name.first));
      *edge(slot) = {found->second, name.second};
    }
    for (const auto& [node, name] : controls_) {
      const auto found = ids_.find(name);
      if (found == ids_.end()) throw Error(Status::argument, "no node is named " + base::escaped(name));
      graph_.at(node).control.push_back(found->second);
    }
    return std::move(graph_);
  }

 private:
  enum class Where { node, input, output };
  struct Slot {
    Where where;
    size_t owner, index;
  };

  Edge* edge(const Slot& slot) {
    if (slot.where == Where::node) return &graph_.nodes[slot.owner].inputs[slot.index];
    return slot.where == Where::input ? &graph_.inputs[slot.owner].edge : &graph_.outputs[slot.owner].edge;
  }

  std::string name() { return in_.peek() == '"' ? *in_.value().get<std::string>() : in_.identifier(); }

  int64_t integer() {
    const Value value = in_.value();
    if (!value.get<int64_t>()) in_.fail("an integer expected");
    return *value.get<int64_t>();
  }

  TensorType type() {
    TensorType out;
    out.dtype = dtype_named(in_.identifier());
    out.shape = in_.shape();
    return out;
  }

  void reference(Slot slot, std::string name) {
    const int64_t port = in_.take(':') ? integer() : 0;
    open_.push_back({slot, {std::move(name), static_cast<int32_t>(port)}});
  }

  void line() {
    const bool is_quoted = in_.peek() == '"';
    std::string word = name();
    if (!is_quoted && in_.peek() != '=') {
      if (word == "graph") return static_cast<void>(graph_.name = name());
      if (word == "weight") return weight();
      if (word == "layer") return layer();
      if (word == "input" || word == "output") return port(word == "input");
      in_.fail("'" + word + "' begins no line");
    }
    node(std::move(word));
  }

  void weight() {
    Weight out;
    out.name = name();
    const TensorType of = type();
    if (!of.shape.known()) in_.fail("a weight's sizes are numbers");
    if (size_of(of.dtype) == 0) in_.fail("a weight is of numbers");
    out.value = make_splat(of.dtype, of.shape.values(), std::vector<std::byte>(size_of(of.dtype)));
    const Value flags = in_.value();
    if (const Dict* dict = flags.get<Dict>()) {
      if (const auto at = dict->find("variable"); at != dict->end()) out.variable = at->second == Value(true);
      if (const auto at = dict->find("trainable"); at != dict->end()) out.trainable = at->second == Value(true);
      if (const auto at = dict->find("view_of"); at != dict->end() && at->second.get<int64_t>()) {
        out.view_of = static_cast<int32_t>(*at->second.get<int64_t>());
      }
    }
    graph_.weights.push_back(std::move(out));
  }

  void layer() {
    Layer out;
    out.name = name();
    out.cls = in_.identifier();
    const Value config = in_.value(), flags = in_.value(), slots = in_.value();
    if (!config.get<Dict>() || !flags.get<Dict>() || !slots.get<List>())
      in_.fail("a layer is: name class {config} {flags} [slots]");
    out.config = *config.get<Dict>();
    const auto trainable = flags.get<Dict>()->find("trainable");
    out.trainable = trainable == flags.get<Dict>()->end() || trainable->second == Value(true);
    for (const Value& entry : *slots.get<List>()) {
      const List* pair = entry.get<List>();
      if (!pair || pair->size() != 2 || !(*pair)[0].get<std::string>() || !(*pair)[1].get<int64_t>())
        in_.fail("a slot is [\"name\", weight]");
      const auto index = *(*pair)[1].get<int64_t>();
      if (index < 0 || index >= static_cast<int64_t>(graph_.weights.size())) in_.fail("a slot names no weight");
      out.slots.push_back(
          {*(*pair)[0].get<std::string>(), static_cast<int32_t>(index), graph_.weights[static_cast<size_t>(index)].value});
    }
    graph_.layers.push_back(std::move(out));
  }

  void port(bool input) {
    auto& ports = input ? graph_.inputs : graph_.outputs;
    ports.push_back({name(), {}});
    std::string target = name();
    reference({input ? Where::input : Where::output, ports.size() - 1, 0}, std::move(target));
  }

  void node(std::string node_name) {
    in_.expect('=');
    Node out;
    out.name = std::move(node_name);
    out.op = in_.identifier();
    const auto id = static_cast<NodeId>(graph_.nodes.size());
    if (!ids_.emplace(out.name, id).second) in_.fail("two nodes are named " + base::escaped(out.name));
    in_.expect('(');
    while (!in_.take(')')) {
      if (in_.take('^')) {
        controls_.emplace_back(id, name());
      } else {
        std::string word = name();
        if (in_.take('=')) {
          attribute(out, std::move(word));
        } else {
          out.inputs.emplace_back();
          reference({Where::node, static_cast<size_t>(id), out.inputs.size() - 1}, std::move(word));
        }
      }
      if (in_.peek() != ')') in_.expect(',');
    }
    if (in_.take(':')) {
      do out.outputs.push_back(type());
      while (in_.take(','));
    }
    graph_.add(std::move(out));
  }

  void attribute(Node& node, std::string key) {
    if (key == "layer" && node.op.starts_with("keras/")) {
      node.layer = static_cast<int32_t>(integer());
    } else if (key == "weight" && node.op == "ir/Weight") {
      node.weight = static_cast<int32_t>(integer());
    } else {
      node.attrs[std::move(key)] = in_.value();
    }
  }

  ir::Lexer in_;
  Graph graph_;
  std::map<std::string, NodeId, std::less<>> ids_;
  std::vector<std::pair<Slot, std::pair<std::string, int32_t>>> open_;
  std::vector<std::pair<NodeId, std::string>> controls_;
};

}  // namespace

std::string Graph::print() const {
  std::string out = "graph " + quoted(name) + "\n";
  for (const Weight& weight : weights) {
    Dict flags{{"variable", weight.variable}, {"trainable", weight.trainable}};
    if (weight.view_of >= 0) flags["view_of"] = static_cast<int64_t>(weight.view_of);
    out += "weight " + quoted(weight.name) + " " + type_text({weight.value.dtype, Shape::of(weight.value.dims)}) + " " +
           Value(flags).text() + "\n";
  }
  for (const Layer& layer : layers) {
    List slots;
    for (const Slot& slot : layer.slots) slots.push_back(List{slot.name.str(), static_cast<int64_t>(slot.weight)});
    out += "layer " + quoted(layer.name) + " " + layer.cls + " " + Value(layer.config).text() + " " +
           Value(Dict{{"trainable", layer.trainable}}).text() + " " + Value(slots).text() + "\n";
  }
  for (const NodeId id : order()) out += node_text(*this, at(id)) + "\n";
  for (const Port& port : inputs) out += "input " + quoted(port.name) + " " + edge_text(*this, port.edge) + "\n";
  for (const Port& port : outputs) out += "output " + quoted(port.name) + " " + edge_text(*this, port.edge) + "\n";
  return out;
}

Graph Graph::parse(std::string_view text) { return Parser(text).run(); }

}  // namespace keraft
