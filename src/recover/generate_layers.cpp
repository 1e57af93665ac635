#include <algorithm>
#include <map>
#include <set>

#include "base/string.h"
#include "cards/layer_card.h"
#include "emit/layer_class.h"
#include "ir/constant.h"
#include "recover/recover.h"

namespace keraft::recover {
namespace {

bool raw(const Node& node) {
  return !node.dead && node.layer < 0 && node.op != "tf/Const" && node.op != "ir/Weight" && node.op != "ir/Input";
}

/// Raw nodes joined where one reads the other, as lists in graph order.
std::vector<std::vector<NodeId>> regions(const Graph& graph) {
  std::vector<NodeId> parent(graph.nodes.size());
  for (size_t i = 0; i < parent.size(); ++i) parent[i] = static_cast<NodeId>(i);
  const auto root = [&](NodeId id) {
    while (parent[static_cast<size_t>(id)] != id)
      id = parent[static_cast<size_t>(id)] = parent[static_cast<size_t>(parent[static_cast<size_t>(id)])];
    return id;
  };
  const std::vector<NodeId> order = graph.order();
  for (const NodeId id : order) {
    if (!raw(graph.at(id))) continue;
    for (const Edge& edge : graph.at(id).inputs) {
      if (raw(graph.at(edge.node))) parent[static_cast<size_t>(root(edge.node))] = root(id);
    }
  }
  std::map<NodeId, std::vector<NodeId>> found;
  std::vector<NodeId> first;
  for (const NodeId id : order) {
    if (!raw(graph.at(id))) continue;
    if (found[root(id)].empty()) first.push_back(root(id));
    found[root(id)].push_back(id);
  }
  std::vector<std::vector<NodeId>> out;
  for (const NodeId id : first) out.push_back(found[id]);
  return out;
}

/// Public attributes of keras.layers.Layer (3.15.1), of the generated class, and Python's keywords.
constexpr std::string_view not_for_weights =
    " "
    "activity_regularizer add_loss add_metric add_variable add_weight autocast build build_from_config built call "
    "call_signature_parameters compute_dtype compute_mask compute_output_shape compute_output_spec count_params "
    "dtype dtype_policy from_config get_build_config get_config get_weights input input_dtype input_spec "
    "load_own_variables losses metrics metrics_variables name non_trainable_variables non_trainable_weights output "
    "path quantization_mode quantize quantized_build quantized_call rematerialized_call save_own_variables "
    "set_weights stateless_call supports_jit supports_masking symbolic_call trainable trainable_variables "
    "trainable_weights variable_dtype variables weights form False None True and as assert async await break class "
    "continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise "
    "return try while with yield ";

std::string slot_name(const std::string& variable, const std::set<std::string>& taken) {
  std::string base;
  // What TensorFlow's freezing appends is no name: "scale/ReadVariableOp/resource".
  const std::string full = variable.substr(0, std::min(variable.find("/ReadVariableOp"), variable.size()));
  const std::string part = full.substr(full.rfind('/') + 1);
  for (const char c : part.substr(0, part.find(':'))) base += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  const bool taken_by_keras = not_for_weights.find(" " + base + " ") != std::string_view::npos;
  if (base.empty() || taken_by_keras || base[0] == '_' || std::isdigit(static_cast<unsigned char>(base[0]))) base = "w" + base;
  std::string name = base;
  for (int i = 1; taken.contains(name); ++i) name = base + "_" + std::to_string(i);
  return name;
}

struct Draft {
  std::string form;
  std::vector<Edge> inputs;
  std::vector<Slot> slots;
  Edge result;
  std::vector<NodeId> nodes;
};

class Drafter {
 public:
  Drafter(Graph& graph, const Registry& registry) : graph_(graph), registry_(registry) {}

  /// Nothing when the region has several results, or an op or constant that the form language or keras.ops cannot say.
  std::optional<Draft> draft(const std::vector<NodeId>& region, const std::vector<std::vector<NodeId>>& readers) {
    Draft out;
    out.nodes = region;
    std::set<NodeId> inside(region.begin(), region.end());
    std::set<Edge> results;
    for (const NodeId id : region) {
      for (const NodeId reader : readers[static_cast<size_t>(id)]) {
        if (inside.contains(reader)) continue;
        for (const Edge& edge : graph_.at(reader).inputs) {
          if (edge.node == id) results.insert(edge);
        }
      }
    }
    for (const Port& port : graph_.outputs) {
      if (inside.contains(port.edge.node)) results.insert(port.edge);
    }
    if (results.size() != 1 || results.begin()->port != 0) return std::nullopt;
    out.result = *results.begin();
    std::set<std::string> slots;
    for (const NodeId id : region) {
      if (!statement(graph_.at(id), id == out.result.node, out, slots)) return std::nullopt;
      names_[{id, 0}] = id == out.result.node ? "y" : "h" + std::to_string(names_.size());
    }
    return out;
  }

 private:
  bool statement(const Node& node, bool last, Draft& out, std::set<std::string>& slots) {
    const OpCard* card = registry_.op(node.op);
    if (!card || card->python.empty()) return false;
    std::string args;
    for (const Edge& edge : node.inputs) {
      const auto text = argument(edge, out, slots);
      if (!text) return false;
      args += (args.empty() ? "" : ", ") + *text;
    }
    for (const OpCard::Attr& attr : card->attributes) {
      const auto found = node.attrs.find(attr.name);
      if (found == node.attrs.end() || found->second.get<DType>() || (attr.fallback && *attr.fallback == found->second))
        continue;
      args += (args.empty() ? "" : ", ") + attr.name + "=" + found->second.text();
    }
    const std::string name = last ? "y" : "h" + std::to_string(names_.size());
    out.form += (out.form.empty() ? "" : "   ") + name + " = " + card->name() + "(" + args + ")";
    return true;
  }

  std::optional<std::string> argument(Edge edge, Draft& out, std::set<std::string>& slots) {
    if (const auto known = names_.find(edge); known != names_.end()) return known->second;
    const Node& node = graph_.at(edge.node);
    if (node.op == "ir/Weight") {
      const Weight& weight = graph_.weights[static_cast<size_t>(node.weight)];
      if (!is_floating(weight.value.dtype)) return std::nullopt;
      const std::string slot = slot_name(weight.name, slots);
      slots.insert(slot);
      out.slots.push_back({slot, node.weight, weight.value});
      graph_.weights[static_cast<size_t>(graph_.root(node.weight))].evidence.push_back("read by " + node.name + " → " + slot);
      return names_[edge] = "@" + slot;
    }
    if (const auto scalar = ir::scalar(graph_, edge)) {
      const auto number = scalar->number();
      return number ? std::optional(Value(*number).text()) : std::nullopt;
    }
    if (const auto ints = ir::constant_ints(graph_, edge)) return Value::ints(*ints).text();
    if (ir::is_constant(graph_, edge)) return std::nullopt;
    out.inputs.push_back(edge);
    return names_[edge] = out.inputs.size() == 1 ? "x" : "x" + std::to_string(out.inputs.size());
  }

  Graph& graph_;
  const Registry& registry_;
  std::map<Edge, std::string> names_;
};

/// A function layer that alone reads the result belongs to the generated layer: its statements are appended.
NodeId absorb_function(Graph& graph, const Registry& registry, Draft& draft, const std::vector<std::vector<NodeId>>& readers) {
  const auto& next = readers[static_cast<size_t>(draft.result.node)];
  const bool output =
      std::any_of(graph.outputs.begin(), graph.outputs.end(), [&](const Port& p) { return p.edge == draft.result; });
  if (next.size() != 1 || output) return no_node;
  const Node& call = graph.at(next[0]);
  if (call.layer < 0 || call.inputs.size() != 1) return no_node;
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  const LayerCard* card = registry.layer(layer.cls);
  if (!card || card->folds_field.empty()) return no_node;
  const Value& wanted = card->value(layer.config, card->folds_field);
  for (const LayerCard::Rule& rule : card->rules) {
    const auto entry = rule.config.find(card->folds_field);
    if (!rule.writes || entry == rule.config.end() || !(entry->second == wanted) || rule.form.statements.size() != 1) continue;
    const ir::Statement& statement = rule.form.statements.front();
    const OpCard* op = registry.op(statement.op);
    if (!op || op->python.empty() || statement.args.size() != 1) continue;
    const size_t at = draft.form.rfind("y = ");
    draft.form = draft.form.substr(0, at) + "z = " + draft.form.substr(at + 4) + "   y = " + op->name() + "(z)";
    return next[0];
  }
  return no_node;
}

}  // namespace

void generate_layers(Graph& graph, const Registry& registry) {
  std::map<std::string, std::string> classes;  // form and sizes → class
  std::set<std::string> taken;
  for (const LayerCard* card : registry.layers()) taken.insert(card->cls);
  for (const auto& region : regions(graph)) {
    const auto readers = graph.readers();
    auto draft = Drafter(graph, registry).draft(region, readers);
    if (!draft) continue;
    const NodeId function = absorb_function(graph, registry, *draft, readers);
    Layer layer;
    layer.how = "custom";
    layer.config["form"] = draft->form;
    layer.slots = draft->slots;
    std::string key = draft->form;
    for (const Slot& slot : layer.slots) key += "|" + slot.name + Shape::of(slot.value.dims).text();
    auto [cls, fresh] = classes.try_emplace(key);
    if (fresh) cls->second = emit::class_name(draft->form, registry, taken);
    layer.cls = cls->second;
    layer.registered = "keraft>" + layer.cls;
    layer.code = emit::layer_class(layer, registry);
    Node call;
    const NodeId end = function == no_node ? draft->result.node : function;
    call.name = graph.at(end).name;
    call.op = "keras/" + layer.cls;
    call.layer = static_cast<int32_t>(graph.layers.size());
    call.inputs = draft->inputs;
    call.outputs = {graph.type({end, 0})};
    if (function != no_node) call.from = graph.at(function).from;
    for (auto id = draft->nodes.rbegin(); id != draft->nodes.rend(); ++id) call.from.push_back(graph.at(*id).name);
    graph.layers.push_back(std::move(layer));
    const NodeId id = graph.add(std::move(call));
    graph.replace({end, 0}, {id, 0});
    for (const NodeId old : draft->nodes) graph.at(old).dead = true;
    if (function != no_node) graph.at(function).dead = true;
  }
}

}  // namespace keraft::recover
