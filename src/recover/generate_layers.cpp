#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cards/express.h"
#include "cards/keras_op.h"
#include "cards/layer_card.h"
#include "emit/layer_class.h"
#include "ir/constant.h"
#include "ir/number.h"
#include "ir/rewire.h"
#include "recover/recover.h"
#include "recover/slot_name.h"

namespace keraft::recover {
namespace {

bool raw(const Node& node) {
  return !node.dead && node.layer < 0 && node.op != "tf/Const" && node.op != "ir/Weight" && node.op != "ir/Input" &&
         !node.op.starts_with("keras.ops/");
}

size_t index(NodeId id) { return static_cast<size_t>(id); }

/// How many times the way from the inputs to a node changes between raw ops and layers, at most; -1 where no way leads there.
/// Raw nodes of one stage can be one layer without a cycle. What is computed from weights alone belongs to its first reader.
std::vector<int> stages(const Graph& graph, const std::vector<NodeId>& order) {
  constexpr int none = -1;
  std::vector<int> out(graph.nodes.size(), none);
  for (const NodeId id : order) {
    const Node& node = graph.at(id);
    int& mine = out[index(id)];
    if (node.op == "ir/Input") mine = 0;
    for (const Edge& edge : node.inputs) {
      const int before = out[index(edge.node)];
      if (before != none) mine = std::max(mine, before + (raw(graph.at(edge.node)) != raw(node) ? 1 : 0));
    }
  }
  const std::vector<int> forward = out;
  for (auto id = order.rbegin(); id != order.rend(); ++id) {
    const int mine = out[index(*id)];
    if (!raw(graph.at(*id)) || mine == none) continue;
    for (const Edge& edge : graph.at(*id).inputs) {
      int& before = out[index(edge.node)];
      if (raw(graph.at(edge.node)) && forward[index(edge.node)] == none)
        before = before == none ? mine : std::min(before, mine);
    }
  }
  return out;
}

/// Raw nodes of one stage joined where one reads the other, as lists in graph order.
std::vector<std::vector<NodeId>> regions(const Graph& graph) {
  std::vector<NodeId> parent(graph.nodes.size());
  for (size_t i = 0; i < parent.size(); ++i) parent[i] = static_cast<NodeId>(i);
  const auto root = [&](NodeId id) {
    while (parent[index(id)] != id) id = parent[index(id)] = parent[index(parent[index(id)])];
    return id;
  };
  const std::vector<NodeId> order = graph.order();
  const std::vector<int> stage = stages(graph, order);
  for (const NodeId id : order) {
    if (!raw(graph.at(id))) continue;
    for (const Edge& edge : graph.at(id).inputs) {
      if (raw(graph.at(edge.node)) && stage[index(edge.node)] == stage[index(id)]) parent[index(root(edge.node))] = root(id);
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

/// What keeps a region from becoming a layer.
struct Refused {
  NodeId node;
  std::string why;
};

constexpr size_t most_statements = 256;

/// One region as a class: as a form, for keraft, and as calls of keras.ops, for Keras.
class Draft {
 public:
  Draft(Graph& graph, const Registry& registry, std::vector<NodeId> region)
      : graph_(graph), registry_(registry), region_(std::move(region)), inside_(region_.begin(), region_.end()) {}

  /// Throws Refused. `outside`: the tensors of the region that others read.
  void write(const std::vector<Edge>& outside) {
    if (region_.size() > most_statements) throw Refused{region_.front(), "too many ops for one generated layer"};
    results = outside;
    for (const NodeId id : region_) wide_ = wide_ || graph_.type({id, 0}).dtype == DType::f64;
    for (const NodeId id : region_) constants_to_weights(id);
    const bool single = results.size() == 1 && results[0] == Edge{region_.back(), 0};
    for (const NodeId id : region_) statement(id, single && id == region_.back());
    if (inputs.empty()) throw Refused{region_.back(), "it is computed from weights alone"};
    if (!single) {
      List names;
      for (const Edge& edge : results) names.emplace_back(names_.at(edge));
      config["results"] = std::move(names);
    }
    for (const NodeId id : region_) code(id);
    for (const Edge& edge : results) body.results.push_back(python_.at(edge));
    std::stable_partition(slots.begin(), slots.end(), [&](const Slot& slot) { return !constant_.contains(slot.name); });
    if (!constant_.empty()) {
      List names;
      for (const std::string& name : constant_) names.emplace_back(name);
      config["constants"] = std::move(names);
    }
    config["form"] = form_;
  }

  Dict config;
  std::vector<Edge> inputs, results;
  std::vector<Slot> slots;
  emit::CallBody body;
  std::vector<std::string> functions;

 private:
  /// Constants that neither a form nor a line of code can say.
  void constants_to_weights(NodeId id) {
    for (const Edge& edge : std::vector<Edge>(graph_.at(id).inputs)) {
      Node& node = graph_.at(edge.node);
      const Tensor* tensor = node.op == "tf/Const" ? ir::constant(graph_, edge) : nullptr;
      if (!tensor || sayable(*tensor)) continue;
      if (!is_floating(tensor->dtype) && !is_integer(tensor->dtype) && tensor->dtype != DType::boolean) {
        throw Refused{id, "it reads a constant of the type " + std::string(name_of(tensor->dtype))};
      }
      Weight weight;
      weight.name = node.name;
      weight.value = *tensor;
      weight.trainable = false;
      weight.key = node.name;
      weight.evidence.push_back("constant " + node.name);
      node.outputs = {{tensor->dtype, Shape::of(tensor->dims)}};
      node.op = "ir/Weight";
      node.weight = static_cast<int32_t>(graph_.weights.size());
      node.attrs.clear();
      graph_.weights.push_back(std::move(weight));
    }
  }

  static bool sayable(const Tensor& tensor) {
    if (tensor.dims.empty()) {
      if (is_floating(tensor.dtype)) return std::isfinite(to_doubles(tensor).front());
      return tensor.dtype == DType::i32 || tensor.dtype == DType::i64 || tensor.dtype == DType::boolean;
    }
    if (tensor.dtype != DType::i32 && tensor.dtype != DType::i64) return false;
    // A form has vectors; sizes of paddings and their like are read as a setting.
    return tensor.dims.size() == 1 && tensor.elements() <= 64;
  }

  void statement(NodeId id, bool last) {
    const Node& node = graph_.at(id);
    const OpCard* card = registry_.op(node.op);
    if (!card) throw Refused{id, "the op is unknown"};
    std::string args;
    for (const Edge& edge : node.inputs) args += (args.empty() ? "" : ", ") + argument(id, edge);
    for (const OpCard::Attr& attr : card->attributes) {
      const auto found = node.attrs.find(attr.name);
      if (found == node.attrs.end() || (attr.fallback && *attr.fallback == found->second)) continue;
      if (found->second.get<FunctionRef>()) throw Refused{id, "it calls a function"};
      // The types of the inputs say these.
      const bool implied = attr.name[0] == 'T' || attr.name == "SrcT" || attr.name == "Index";
      if (found->second.get<DType>() && implied) continue;
      args += (args.empty() ? "" : ", ") + attr.name + "=" + found->second.text();
    }
    std::string names;
    const size_t count = std::max<size_t>(1, node.outputs.size());
    for (size_t port = 0; port < count; ++port) {
      const std::string name = last && port == 0 ? "y" : "h" + std::to_string(++names_made_);
      names_[{id, static_cast<int32_t>(port)}] = name;
      names += (port ? ", " : "") + name;
    }
    form_ += (form_.empty() ? "" : "   ") + names + " = " + card->name() + "(" + args + ")";
  }

  std::string argument(NodeId reader, Edge edge) {
    if (const auto known = names_.find(edge); known != names_.end()) return known->second;
    const Node& node = graph_.at(edge.node);
    if (node.op == "ir/Weight") return "@" + slot(edge, node);
    if (node.op == "tf/Const") {
      const Tensor& tensor = *ir::constant(graph_, edge);
      const bool plain = tensor.dtype == (tensor.dims.empty() ? DType::f32 : DType::i32) && !(wide_ && tensor.dims.empty());
      const std::string type = plain ? std::string() : ":" + std::string(name_of(tensor.dtype));
      if (!tensor.dims.empty()) return Value::ints(to_ints(tensor)).text() + type;
      if (is_floating(tensor.dtype)) return Value(ir::shortest(to_doubles(tensor).front())).text() + type;
      return std::to_string(to_ints(tensor).front()) + type;
    }
    if (inside_.contains(edge.node)) throw Refused{reader, "it reads what is computed later"};
    inputs.push_back(edge);
    const std::string name = inputs.size() == 1 ? "x" : "x" + std::to_string(inputs.size());
    body.inputs.push_back(name);
    python_[edge] = name;
    return names_[edge] = name;
  }

  std::string slot(Edge edge, const Node& node) {
    const Weight& weight = graph_.weights[static_cast<size_t>(node.weight)];
    if (!is_floating(weight.value.dtype) && weight.variable) throw Refused{edge.node, "the variable is no floating number"};
    const std::string name = slot_name(weight.name, slot_names_);
    slot_names_.insert(name);
    if (!is_floating(weight.value.dtype) || !weight.trainable) constant_.insert(name);
    slots.push_back({name, node.weight, weight.value});
    graph_.weights[static_cast<size_t>(graph_.root(node.weight))].evidence.push_back("read by " + node.name + " → " + name);
    python_[edge] = "self." + name;
    names_[edge] = "@" + name;
    return name;
  }

  void code(NodeId id) {
    std::string why;
    const auto said = cards::express(graph_, id, registry_, cards::Weights::kept, why);
    if (!said) throw Refused{id, why};
    for (const NodeId made : said->nodes) {
      Node& node = graph_.at(made);
      const cards::KerasOp* op = cards::keras_op(node.op.substr(node.op.find('/') + 1));
      const std::string name = "h" + std::to_string(body.lines.size() + 1);
      const auto text = emit::python_call(node, [&](Edge edge) { return python_.at(edge); });
      body.lines.push_back(name + " = " + text);
      functions.push_back(op->function);
      for (int32_t port = 0; port < static_cast<int32_t>(std::max<size_t>(1, node.outputs.size())); ++port)
        python_[{made, port}] = op->gives_list ? name + "[" + std::to_string(port) + "]" : name;
      node.dead = true;
    }
    for (size_t port = 0; port < said->results.size(); ++port)
      python_[{id, static_cast<int32_t>(port)}] = python_.at(said->results[port]);
  }

  Graph& graph_;
  const Registry& registry_;
  std::vector<NodeId> region_;
  std::set<NodeId> inside_;
  std::map<Edge, std::string> names_, python_;
  std::set<std::string> slot_names_, constant_;
  std::string form_;
  int names_made_ = 0;
  bool wide_ = false;
};

/// A function layer that alone reads the region's one result becomes a raw node of it again; returns that layer's call.
NodeId absorb_function(Graph& graph, const Registry& registry, std::vector<NodeId>& region, const std::vector<Edge>& results,
                       const std::vector<std::vector<NodeId>>& readers) {
  if (results.size() != 1 || results[0] != Edge{region.back(), 0}) return no_node;
  const Edge result = results[0];
  const auto& next = readers[index(result.node)];
  const bool output = std::any_of(graph.outputs.begin(), graph.outputs.end(), [&](const Port& p) { return p.edge == result; });
  if (next.size() != 1 || output) return no_node;
  const NodeId function = next[0];
  const Node& call = graph.at(function);
  if (call.dead || call.layer < 0 || call.inputs.size() != 1) return no_node;
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  const LayerCard* card = registry.layer(layer.cls);
  if (!card || card->folds_field.empty()) return no_node;
  const Value& wanted = card->value(layer.config, card->folds_field);
  for (const LayerCard::Rule& rule : card->rules) {
    const auto entry = rule.config.find(card->folds_field);
    if (!rule.writes || entry == rule.config.end() || !(entry->second == wanted) || rule.form.statements.size() != 1) continue;
    const ir::Statement& statement = rule.form.statements.front();
    const OpCard* op = registry.op(statement.op);
    if (!op || !op->has_code() || statement.args.size() != 1 || !statement.attrs.empty()) continue;
    Node again;
    again.op = statement.op;
    again.name = call.name;
    again.inputs = {result};
    again.outputs = call.outputs;
    again.from = call.from;
    region.push_back(graph.add(std::move(again)));
    return function;
  }
  return no_node;
}

/// What of a region others read, in the order of the nodes.
std::vector<Edge> read_outside(const Graph& graph, const std::vector<NodeId>& region, const std::set<Edge>& outputs,
                               const std::vector<std::vector<NodeId>>& readers) {
  const std::set<NodeId> inside(region.begin(), region.end());
  std::set<Edge> read;
  for (const NodeId id : region) {
    for (const NodeId reader : readers[index(id)]) {
      if (inside.contains(reader)) continue;
      for (const Edge& edge : graph.at(reader).inputs) {
        if (edge.node == id) read.insert(edge);
      }
    }
    for (auto at = outputs.lower_bound({id, 0}); at != outputs.end() && at->node == id; ++at) read.insert(*at);
  }
  std::vector<Edge> out;
  for (const NodeId id : region) {
    for (auto at = read.lower_bound({id, 0}); at != read.end() && at->node == id; ++at) out.push_back(*at);
  }
  return out;
}

}  // namespace

std::map<std::string, std::string> generate_layers(Graph& graph, const Registry& registry) {
  std::map<std::string, std::string> reasons;
  std::map<std::string, std::string> classes;  // source without the name → class
  std::set<std::string> taken;
  for (const LayerCard* card : registry.layers()) taken.insert(card->cls);
  ir::Rewire rewire(graph);
  std::set<Edge> outputs;
  for (const Port& port : graph.outputs) outputs.insert(port.edge);
  const auto readers = graph.readers();
  for (std::vector<NodeId> region : regions(graph)) {
    auto results = read_outside(graph, region, outputs, readers);
    const NodeId function = absorb_function(graph, registry, region, results, readers);
    if (function != no_node) results = {{region.back(), 0}};
    Draft draft(graph, registry, region);
    try {
      draft.write(results);
    } catch (const Refused& refused) {
      for (const NodeId id : region) {
        reasons[graph.at(id).name] = id == refused.node ? refused.why : "it hangs together with " + graph.at(refused.node).name;
      }
      if (function != no_node) graph.at(region.back()).dead = true;
      continue;
    }
    Layer layer;
    layer.how = "custom";
    layer.config = draft.config;
    layer.slots = draft.slots;
    const std::string key = emit::layer_class(layer, draft.body);
    const auto [cls, fresh] = classes.try_emplace(key);
    if (fresh) cls->second = emit::class_name(draft.functions, registry, taken);
    layer.cls = cls->second;
    layer.registered = "keraft>" + layer.cls;
    layer.code = emit::layer_class(layer, draft.body);
    Node call;
    call.name = graph.at(function == no_node ? results.front().node : function).name;
    call.op = "keras/" + layer.cls;
    call.layer = static_cast<int32_t>(graph.layers.size());
    call.inputs = draft.inputs;
    for (const Edge& result : results) call.outputs.push_back(graph.type(result));
    for (auto id = region.rbegin(); id != region.rend(); ++id) {
      const Node& node = graph.at(*id);
      if (node.from.empty())
        call.from.push_back(node.name);
      else
        call.from.insert(call.from.end(), node.from.begin(), node.from.end());
    }
    // The report pairs a call with the node that computes its first result.
    const auto first = std::find(call.from.begin(), call.from.end(), graph.at(results.front().node).name);
    if (first != call.from.end()) std::rotate(call.from.begin(), first, first + 1);
    graph.layers.push_back(std::move(layer));
    const NodeId id = graph.add(std::move(call));
    for (size_t i = 0; i < results.size(); ++i) rewire.set(results[i], {id, static_cast<int32_t>(i)});
    if (function != no_node) rewire.set({function, 0}, {id, 0});
    for (const NodeId old : region) graph.at(old).dead = true;
    if (function != no_node) graph.at(function).dead = true;
  }
  rewire.apply();
  return reasons;
}

}  // namespace keraft::recover
