#include "emit/statements.h"

#include <algorithm>
#include <limits>

#include "cards/generated.h"
#include "cards/layer_card.h"
#include "emit/arguments.h"
#include "emit/layer_class.h"
#include "emit/name_tokens.h"
#include "ir/operation.h"
#include "keraft/error.hpp"

namespace keraft::emit {
namespace {

constexpr int64_t largest_number = 1'000'000'000;  ///< that is counted with
constexpr size_t trainable_place = std::numeric_limits<size_t>::max() / 2, name_place = trainable_place + 1;

class Statements {
 public:
  Statements(const Graph& graph, const Registry& registry) : graph_(graph), registry_(registry) {
    for (const Node& node : graph.nodes) {
      if (!node.dead && node.layer >= 0) ++calls_[node.layer];
    }
    for (const auto* ports : {&graph.inputs, &graph.outputs}) {
      for (const Port& port : *ports) out_.outputs.push_back(port.edge.node);
    }
  }

  Program program(const std::vector<NodeId>& order) {
    for (const NodeId id : order) {
      const Node& node = graph_.at(id);
      Item item = node.op == "ir/Input" ? input(id) : (is_operation(node) ? operation(node) : layer(node));
      item.result = id;
      if (!is_operation(node)) item.inputs = node.inputs;
      const size_t results = node.layer >= 0 ? cards::generated_results(graph_.layers[static_cast<size_t>(node.layer)]).size()
                                             : node.outputs.size();
      item.several = results > 1;
      out_.items.push_back(std::move(item));
    }
    return std::move(out_);
  }

 private:
  int add(Callee callee) {
    out_.callees.push_back(std::move(callee));
    return static_cast<int>(out_.callees.size()) - 1;
  }
  int callee_of(const std::string& key, Callee callee) {
    const auto [known, fresh] = known_.try_emplace(key);
    if (fresh) known->second = add(std::move(callee));
    return known->second;
  }

  Item input(NodeId id) {
    const Node& node = graph_.at(id);
    const TensorType type = graph_.type({id, 0});
    if (!type.shape.has_rank() || type.shape.rank() == 0)
      throw Error(Status::unsupported, "an input without a batch dimension; give its shape", {{}, {}, node.name});
    Expr shape{{}, "(", {}, type.shape.rank() == 2 ? ",)" : ")"};
    for (size_t axis = 1; axis < type.shape.rank(); ++axis) {
      const Dim& dim = type.shape[axis];
      shape.items.push_back(plain(dim.known() ? std::to_string(dim.value()) : "None"));
    }
    Item out;
    out.arguments.push_back({"shape", 0, Pattern::of(std::move(shape))});
    if (type.shape[0].known())
      out.arguments.push_back({"batch_size", 1, Pattern::of(plain(std::to_string(type.shape[0].value())))});
    if (type.dtype != DType::f32)
      out.arguments.push_back({"dtype", 2, Pattern::of(plain(quoted(std::string(name_of(type.dtype)))))});
    out.arguments.push_back({"name", 3, Pattern::of(node.name)});
    Callee callee;
    callee.text = "keras.Input";
    callee.lone = true;
    callee.positional = 1;
    out.callee = callee_of("input", std::move(callee));
    return out;
  }

  Item operation(const Node& node) {
    Item out;
    Callee callee;
    callee.text = python_call(node, [&](Edge edge) {
      const auto known = std::find(out.inputs.begin(), out.inputs.end(), edge);
      const auto at = known - out.inputs.begin();
      if (known == out.inputs.end()) out.inputs.push_back(edge);
      return "\x01" + std::to_string(at) + "\x02";
    });
    callee.operation = true;
    const std::string key = "operation " + callee.text;
    out.callee = callee_of(key, std::move(callee));
    return out;
  }

  Item layer(const Node& node) {
    const Layer& layer = graph_.layers[static_cast<size_t>(node.layer)];
    const LayerCard* card = registry_.layer(layer.cls);
    const size_t fields = card ? card->fields.size() : 0;
    Callee callee;
    callee.text = (layer.code.empty() ? "layers." : "") + layer.cls;
    callee.list = node.inputs.size() != 1 && !(card && card->spreads_inputs);
    std::string key = callee.text + (callee.list ? " list" : " one");
    for (const auto& [name, value] : node.attrs) {
      callee.keywords.push_back(keyword(name, text_of(value, name, registry_)));
      key += "\n" + callee.keywords.back().flat();
    }
    Item out;
    size_t place = fields;
    for (Given& given : arguments(layer.cls, layer.config, registry_)) {
      const size_t at = given.field < fields ? given.field : place++;
      if (given.positional) callee.positional = at + 1;
      if (given.field == fields) key += "\n" + given.key;
      const Value* value = given.whole ? &layer.config.find(given.key)->second : nullptr;
      const bool counts = value && std::abs(*value->get<int64_t>()) <= largest_number;
      out.arguments.push_back(
          {given.key, at, counts ? Pattern::of(*value->get<int64_t>()) : Pattern::of(std::move(given.value))});
    }
    if (!layer.trainable) out.arguments.push_back({"trainable", trainable_place, Pattern::of(plain("False"))});
    out.arguments.push_back({"name", name_place, Pattern::of(layer.name)});
    if (calls_[node.layer] > 1) {
      callee.shared = node.layer;
      callee.lone = true;
      out.callee = add(std::move(callee));
    } else if (!is_plain_name(layer.name)) {
      callee.lone = true;
      out.callee = add(std::move(callee));
    } else {
      out.callee = callee_of(key, std::move(callee));
      set_defaults(out_.callees[static_cast<size_t>(out.callee)], card);
    }
    return out;
  }

  void set_defaults(Callee& callee, const LayerCard* card) const {
    if (!callee.defaults.empty()) return;
    for (size_t i = 0; card && i < card->fields.size(); ++i) {
      const LayerCard::Field& field = card->fields[i];
      if (!field.fallback) continue;
      const int64_t* number = field.fallback->get<int64_t>();
      Argument otherwise{field.name, i,
                         number ? Pattern::of(*number) : Pattern::of(text_of(*field.fallback, field.name, registry_))};
      callee.defaults.emplace(i, std::move(otherwise));
    }
    callee.defaults.emplace(trainable_place, Argument{"trainable", trainable_place, Pattern::of(plain("True"))});
  }

  const Graph& graph_;
  const Registry& registry_;
  Program out_;
  std::map<int32_t, int> calls_;  ///< by layer
  std::map<std::string, int> known_;
};

}  // namespace

Program statements(const Graph& graph, const Registry& registry, const std::vector<NodeId>& order) {
  return Statements(graph, registry).program(order);
}

std::vector<NodeId> branch_by_branch(const Graph& graph, const std::vector<NodeId>& order) {
  std::vector<NodeId> out;
  std::vector<char> seen(graph.nodes.size(), 0);
  std::vector<std::pair<NodeId, size_t>> path;  // a node and the inputs of it that are done
  const auto walk = [&](NodeId root) {
    path.emplace_back(root, 0);
    while (!path.empty()) {
      auto& [id, done] = path.back();
      const auto& inputs = graph.at(id).inputs;
      if (done == 0 && seen[static_cast<size_t>(id)]) {
        path.pop_back();
      } else if (done == inputs.size()) {
        if (!std::exchange(seen[static_cast<size_t>(id)], char{1})) out.push_back(id);
        path.pop_back();
      } else {
        const NodeId next = inputs[done++].node;
        if (!seen[static_cast<size_t>(next)]) path.emplace_back(next, 0);
      }
    }
  };
  for (const Port& port : graph.inputs) walk(port.edge.node);
  for (const Port& port : graph.outputs) walk(port.edge.node);
  for (const NodeId id : order) walk(id);
  return out;
}

}  // namespace keraft::emit
