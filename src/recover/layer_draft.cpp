#include "recover/layer_draft.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cards/express.h"
#include "cards/keras_op.h"
#include "ir/constant.h"
#include "ir/number.h"
#include "recover/slot_name.h"

namespace keraft::recover {
namespace {

constexpr size_t most_statements = 256;

class Draft : public LayerDraft {
 public:
  Draft(Graph& graph, const Registry& registry, const Inference& known, std::vector<NodeId> region)
      : graph_(graph),
        registry_(registry),
        known_(known),
        region_(std::move(region)),
        inside_(region_.begin(), region_.end()) {}

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
    for (const Edge& edge : results) need(edge);
    for (const NodeId made : calls_) {
      if (needed_.contains(made)) line(made);
    }
    for (const Edge& edge : results) body.results.push_back(python(edge));
    std::stable_partition(slots.begin(), slots.end(), [&](const Slot& slot) { return !constant_.contains(slot.name); });
    if (!constant_.empty()) {
      List names;
      for (const std::string& name : constant_) names.emplace_back(name);
      config["constants"] = std::move(names);
    }
    config["form"] = form_;
  }

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

  /// What keras.ops cannot say may still be told by others in sizes of tensors (Shape → … → Reshape).
  void code(NodeId id) {
    std::string why;
    const auto said = cards::express(graph_, id, registry_, cards::Weights::kept, why, {&known_, inputs});
    if (!said) {
      unsaid_.emplace(id, Refused{id, why});
      return;
    }
    for (const NodeId made : said->nodes) graph_.at(made).dead = true;
    calls_.insert(calls_.end(), said->nodes.begin(), said->nodes.end());
    for (size_t port = 0; port < said->results.size(); ++port) said_[{id, static_cast<int32_t>(port)}] = said->results[port];
  }

  Edge said(Edge edge) const {
    for (auto found = said_.find(edge); found != said_.end(); found = said_.find(edge)) edge = found->second;
    return edge;
  }

  /// Marks the calls that lead to `edge`; throws Refused where there is none.
  void need(Edge edge) {
    edge = said(edge);
    if (python_.contains(edge)) return;
    if (const auto known = unsaid_.find(edge.node); known != unsaid_.end()) throw known->second;
    if (!needed_.insert(edge.node).second) return;
    for (const Edge& input : graph_.at(edge.node).inputs) need(input);
  }

  const std::string& python(Edge edge) const { return python_.at(said(edge)); }

  void line(NodeId made) {
    const Node& node = graph_.at(made);
    const cards::KerasOp* op = cards::keras_op(node.op.substr(node.op.find('/') + 1));
    const std::string name = "h" + std::to_string(body.lines.size() + 1);
    const auto text = emit::python_call(node, [&](Edge edge) { return python(edge); });
    body.lines.push_back(name + " = " + text);
    if (op->function != "shape") functions.push_back(op->function);
    for (int32_t port = 0; port < static_cast<int32_t>(std::max<size_t>(1, node.outputs.size())); ++port)
      python_[{made, port}] = op->gives_list ? name + "[" + std::to_string(port) + "]" : name;
  }

  Graph& graph_;
  const Registry& registry_;
  const Inference& known_;
  std::vector<NodeId> region_;
  std::set<NodeId> inside_;
  std::map<Edge, std::string> names_, python_;
  std::map<NodeId, Refused> unsaid_;
  std::map<Edge, Edge> said_;  ///< raw results as those of calls
  std::vector<NodeId> calls_;  ///< of keras.ops, in order
  std::set<NodeId> needed_;
  std::set<std::string> slot_names_, constant_;
  std::string form_;
  int names_made_ = 0;
  bool wide_ = false;
};

}  // namespace

LayerDraft draft_layer(Graph& graph, const Registry& registry, const Inference& known, const std::vector<NodeId>& region,
                       const std::vector<Edge>& results) {
  Draft out(graph, registry, known, region);
  out.write(results);
  return std::move(static_cast<LayerDraft&>(out));
}

}  // namespace keraft::recover
