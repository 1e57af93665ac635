#include "formats/graphdef/raw_nodes.h"

#include <cctype>
#include <map>
#include <set>

#include "base/string.h"
#include "cards/op_card.h"
#include "cards/op_types.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

bool legal(char c, bool first) {
  const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '.';
  return plain || (!first && (c == '_' || c == '-' || c == '/' || c == '\\' || c == '>'));
}

/// How an attribute is written whose op the table does not have.
char kind_of(const Value& value) {
  if (value.get<DType>()) return 't';
  if (value.get<int64_t>()) return 'i';
  if (value.get<double>()) return 'f';
  if (value.get<bool>()) return 'b';
  if (value.get<std::string>()) return 's';
  if (value.get<Shape>()) return 'h';
  if (const List* list = value.get<List>())
    return list->empty() ? 'I' : static_cast<char>(std::toupper(static_cast<unsigned char>(kind_of(list->front()))));
  return 'u';
}

class Writer {
 public:
  Writer(const Graph& graph, const Registry& registry, bool variables)
      : graph_(graph), registry_(registry), variables_(variables), names_(graph.nodes.size()) {}

  RawNodes run() {
    for (const Port& port : graph_.outputs) {
      const std::string& wanted = *taken_.insert(legal_node_name(port.name)).first;
      if (port.edge.port == 0) outputs_of_[port.edge.node].insert(wanted);
    }
    const std::vector<NodeId> order = graph_.order();
    for (const NodeId id : order) name(id);
    for (const NodeId id : order) node(id);
    for (const Port& port : graph_.inputs) out_.inputs.push_back({port.name, tensor(port.edge), graph_.type(port.edge)});
    for (const Port& port : graph_.outputs) output(port);
    if (!missing_.empty()) throw Error(Status::unsupported, "these nodes have no place in a TensorFlow graph:" + missing_);
    return std::move(out_);
  }

 private:
  std::string fresh(const std::string& wanted) {
    std::string out = wanted;
    for (int number = 1; !taken_.insert(out).second; ++number) out = wanted + "_" + std::to_string(number);
    return out;
  }

  /// An output has its name where it is a node's only one.
  void name(NodeId id) {
    const Node& node = graph_.at(id);
    const std::string wanted = legal_node_name(node.name);
    const auto outputs = outputs_of_.find(id);
    const bool shared = outputs != outputs_of_.end() && outputs->second.contains(wanted) && !is_variable(node);
    if (shared && named_.insert(wanted).second) {
      names_[static_cast<size_t>(id)] = wanted;
      return;
    }
    names_[static_cast<size_t>(id)] = fresh(wanted);
    if (!is_variable(node)) return;
    variable_of_[id] = name_of(id);
    names_[static_cast<size_t>(id)] = fresh(name_of(id) + "/Read/ReadVariableOp");
  }

  bool is_variable(const Node& node) const {
    return variables_ && node.op == "ir/Weight" && graph_.weights.at(static_cast<size_t>(node.weight)).variable;
  }

  const std::string& name_of(NodeId id) const { return names_[static_cast<size_t>(id)]; }
  std::string tensor(Edge edge) const { return name_of(edge.node) + ":" + std::to_string(edge.port); }
  std::string input(Edge edge) const {
    return edge.port == 0 ? name_of(edge.node) : name_of(edge.node) + ":" + std::to_string(edge.port);
  }
  void lost(const Node& node, const std::string& why) { missing_ += "\n  " + base::escaped(node.name) + ": " + why; }

  void add(std::string name, std::string op, std::vector<std::string> inputs, std::vector<wire::RawAttr> attrs = {},
           const Tensor* value = nullptr) {
    out_.nodes.push_back({std::move(name), std::move(op), std::move(inputs), std::move(attrs), value});
  }

  void add_constant(const std::string& name, Tensor value) {
    const DType dtype = value.dtype;
    out_.constants.push_back(std::move(value));
    add(name, "Const", {}, {{"dtype", 't', dtype}}, &out_.constants.back());
  }

  void node(NodeId id) {
    const Node& node = graph_.at(id);
    if (node.layer >= 0) return lost(node, "a layer that has no ops");
    if (node.op == "ir/Input") return placeholder(id);
    if (node.op == "ir/Weight") return weight(id);
    const OpCard* card = registry_.op(node.op);
    if (node.op.starts_with("ir/")) {
      if (!card || !card->passes) return lost(node, "the op is keraft's own: " + node.op);
      return add(name_of(id), "Identity", {input(node.inputs.at(0))}, {{"T", 't', graph_.type(node.inputs[0]).dtype}});
    }
    if (node.op == "tf/Const") {
      const auto value = node.attrs.find("value");
      const Tensor* tensor = value == node.attrs.end() ? nullptr : value->second.get<Tensor>();
      if (!tensor) return lost(node, "a constant without a value");
      return add(name_of(id), "Const", {}, {{"dtype", 't', tensor->dtype}}, tensor);
    }
    if (!variables_ && node.op == "tf/Rsqrt") return rsqrt(id, node);
    op(id, node, card);
  }

  /// TensorFlow 2 with oneDNN takes a layer normalisation of constants for one with its own epsilon, 0.001, by its Rsqrt.
  void rsqrt(NodeId id, const Node& node) {
    const std::string root = fresh(name_of(id) + "/Sqrt");
    const wire::RawAttr type{"T", 't', graph_.type(node.inputs.at(0)).dtype};
    add(root, "Sqrt", {input(node.inputs[0])}, {type});
    add(name_of(id), "Reciprocal", {root}, {type});
  }

  void placeholder(NodeId id) {
    const TensorType type = graph_.type({id, 0});
    add(name_of(id), "Placeholder", {}, {{"dtype", 't', type.dtype}, {"shape", 'h', type.shape}});
  }

  void weight(NodeId id) {
    const Node& node = graph_.at(id);
    const Weight& weight = graph_.weights.at(static_cast<size_t>(node.weight));
    if (!is_variable(node)) return add(name_of(id), "Const", {}, {{"dtype", 't', weight.value.dtype}}, &weight.value);
    const DType dtype = weight.value.dtype;
    const std::string& own = variable_of_.at(id);
    const std::string zeros = fresh(own + "/Initializer/zeros"), assign = fresh(own + "/Assign");
    const std::string sizes = fresh(zeros + "/shape_as_tensor"), zero = fresh(zeros + "/Const");
    const wire::RawAttr type{"dtype", 't', dtype};
    const std::vector<int64_t>& dims = weight.value.dims;
    add_constant(sizes, make_tensor<int64_t>(DType::i64, {static_cast<int64_t>(dims.size())}, std::span(dims)));
    add_constant(zero, make_tensor(dtype, {}, std::vector<std::byte>(size_of(dtype))));
    add(zeros, "Fill", {sizes, zero}, {{"T", 't', dtype}, {"index_type", 't', DType::i64}});
    add(own, "VarHandleOp", {}, {type, {"shape", 'h', Shape::of(dims)}, {"container", 's', ""}, {"shared_name", 's', own}});
    add(assign, "AssignVariableOp", {own, zeros}, {type});
    add(name_of(id), "ReadVariableOp", {own}, {type});
    out_.variables.push_back({own, weight.name, assign, zeros, name_of(id), weight.value, weight.trainable});
  }

  void op(NodeId id, const Node& node, const OpCard* card) {
    const std::string name = node.op.substr(node.op.find('/') + 1);
    std::vector<std::string> inputs;
    for (const Edge& edge : node.inputs) inputs.push_back(input(edge));
    for (const NodeId before : node.control) inputs.push_back("^" + name_of(before));
    std::vector<wire::RawAttr> attrs;
    const auto types = cards::op_types(name);
    if (!types) {
      for (const auto& [key, value] : node.attrs) attrs.push_back({key, kind_of(value), value});
      return add(name_of(id), name, std::move(inputs), std::move(attrs));
    }
    const std::map<std::string_view, Value> found = types_of(id, node, *types);
    for (const cards::OpTypes::Attr& attr : types->attrs) {
      const auto own = node.attrs.find(attr.name);
      const auto typed = found.find(attr.name);
      const Value* fallback = card ? card->fallback(attr.name) : nullptr;
      const Value* value = own != node.attrs.end() ? &own->second : typed != found.end() ? &typed->second : fallback;
      // A TensorFlow that knows the op without the attribute refuses the node.
      if (!value || (attr.newer && fallback && *value == *fallback)) continue;
      if (attr.kind == 'u' || attr.kind == 'U') return lost(node, "it calls functions");
      attrs.push_back({attr.name, attr.kind, *value});
    }
    add(name_of(id), name, std::move(inputs), std::move(attrs));
  }

  /// The attributes that say what types, and how many tensors, a node takes and gives.
  std::map<std::string_view, Value> types_of(NodeId id, const Node& node, const cards::OpTypes& types) const {
    std::map<std::string_view, Value> out;
    size_t counted = 0;
    for (const cards::OpTypes::Arg& arg : types.ins) counted += !arg.count.empty() || !arg.types.empty();
    const size_t single = types.ins.size() - counted;
    size_t at = 0;
    for (const cards::OpTypes::Arg& arg : types.ins) {
      size_t size = 1;
      if (!arg.count.empty() || !arg.types.empty()) {
        const auto told = node.attrs.find(arg.count);
        const int64_t* number = told == node.attrs.end() ? nullptr : told->second.get<int64_t>();
        size = number                        ? static_cast<size_t>(*number)
               : node.inputs.size() < single ? 0
                                             : (node.inputs.size() - single) / counted;
      }
      List list;
      for (size_t i = at; i < std::min(node.inputs.size(), at + size); ++i)
        list.emplace_back(graph_.type(node.inputs[i]).dtype);
      if (!arg.count.empty()) out[arg.count] = static_cast<int64_t>(size);
      if (!arg.type.empty() && !list.empty()) out[arg.type] = list.front();
      if (!arg.types.empty()) out[arg.types] = std::move(list);
      at += size;
    }
    for (size_t i = 0; i < types.outs.size() && i < node.outputs.size(); ++i) {
      const cards::OpTypes::Arg& arg = types.outs[i];
      if (arg.type.empty() || !arg.count.empty()) break;
      out.try_emplace(arg.type, graph_.type({id, static_cast<int32_t>(i)}).dtype);
    }
    return out;
  }

  void output(const Port& port) {
    const std::string wanted = legal_node_name(port.name);
    const TensorType type = graph_.type(port.edge);
    if (name_of(port.edge.node) != wanted || port.edge.port != 0) {
      const std::string own = named_.insert(wanted).second ? wanted : fresh(wanted);
      add(own, "Identity", {input(port.edge)}, {{"T", 't', type.dtype}});
      out_.outputs.push_back({port.name, own + ":0", type});
    } else {
      out_.outputs.push_back({port.name, wanted + ":0", type});
    }
  }

  const Graph& graph_;
  const Registry& registry_;
  bool variables_;
  std::vector<std::string> names_;                    ///< by node
  std::set<std::string, std::less<>> taken_, named_;  ///< named_: outputs that have their node
  std::map<NodeId, std::string> variable_of_;
  std::map<NodeId, std::set<std::string>> outputs_of_;  ///< the outputs that a node's first result is
  std::string missing_;
  RawNodes out_;
};

}  // namespace

std::string legal_node_name(std::string_view wanted) {
  std::string out;
  for (const char c : wanted) out += legal(c, out.empty()) ? std::string(1, c) : out.empty() ? "x_" : "_";
  return out.empty() ? "x" : out;
}

RawNodes raw_nodes(const Graph& graph, const Registry& registry, bool variables) {
  return Writer(graph, registry, variables).run();
}

}  // namespace keraft::formats
