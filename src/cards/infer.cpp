#include "cards/infer.h"

#include "cards/op_card.h"
#include "ir/constant.h"

namespace keraft {
namespace {

constexpr int64_t most_values = 64;

/// How many outputs readers ask for: ops without a card have no other count.
std::vector<size_t> ports_read(const Graph& graph) {
  std::vector<size_t> out(graph.nodes.size(), 1);
  const auto note = [&](Edge edge) {
    auto& count = out.at(static_cast<size_t>(edge.node));
    count = std::max(count, static_cast<size_t>(edge.port) + 1);
  };
  for (const Node& node : graph.nodes) {
    if (node.dead) continue;
    for (const Edge& edge : node.inputs) note(edge);
  }
  for (const Port& port : graph.outputs) note(port.edge);
  return out;
}

/// T is the type of an input at least, in every op that has both; edges without a type are no evidence.
void check_type_attr(const Node& node, const OpCard& card, const std::vector<TensorType>& in) {
  const auto attr = node.attrs.find("T");
  const DType* type = attr == node.attrs.end() ? nullptr : attr->second.get<DType>();
  if (!type || in.empty()) return;
  for (const TensorType& one : in) {
    if (one.dtype == *type || one.dtype == DType::invalid) return;
  }
  throw Error(Status::mismatch,
              card.name() + ": attribute T is " + std::string(name_of(*type)) + ", the input is " +
                  std::string(name_of(in.front().dtype)),
              Place{{}, {}, node.name});
}

}  // namespace

std::optional<Dims> constant_sizes(const Graph& graph, Edge edge) {
  const Tensor* tensor = ir::constant(graph, edge);
  if (!tensor || !is_integer(tensor->dtype) || tensor->dims.size() > 2 || tensor->elements() > most_values) return std::nullopt;
  const auto numbers = to_ints(*tensor);
  return Dims(numbers.begin(), numbers.end());
}

Inference infer_types(Graph& graph, const Registry& registry, const Control& control) {
  Inference out;
  out.ints.resize(graph.nodes.size());
  const std::vector<size_t> ports = ports_read(graph);
  int64_t count = 0;
  for (const NodeId id : graph.order()) {
    if (++count % 4096 == 0) check(control);
    Node& node = graph.at(id);
    auto& values = out.ints[static_cast<size_t>(id)];
    if (node.op == "ir/Weight") {
      const Weight& weight = graph.weights.at(static_cast<size_t>(node.weight));
      const bool cast = weight.computed != DType::invalid;
      node.outputs = {{cast ? weight.computed : weight.value.dtype, Shape::of(weight.value.dims)}};
      continue;
    }
    if (node.op == "ir/Input" || node.layer >= 0) continue;
    const OpCard* card = registry.op(node.op);
    if (!card || !card->shape_fn) {
      if (node.outputs.size() < ports[static_cast<size_t>(id)]) node.outputs.resize(ports[static_cast<size_t>(id)]);
      continue;
    }
    std::vector<TensorType> types;
    std::vector<std::optional<Dims>> ints;
    for (const Edge& edge : node.inputs) {
      types.push_back(graph.type(edge));
      const auto& known = out.ints[static_cast<size_t>(edge.node)];
      const auto port = static_cast<size_t>(edge.port);
      ints.push_back(port < known.size() ? known[port] : std::nullopt);
    }
    check_type_attr(node, *card, types);
    ShapeContext context(node, *card, std::move(types), std::move(ints));
    card->shape_fn(context);
    node.outputs = context.outputs();
    values.resize(node.outputs.size());
    if (const auto constant = constant_sizes(graph, {id, 0}))
      values[0] = constant;
    else if (card->ints_fn && !values.empty())
      values[0] = card->ints_fn(context);
    else if (card->ints_list_fn)
      values = card->ints_list_fn(context);
    for (size_t port = 0; port < values.size(); ++port) {
      // Tables are paddings and their like, computed by Pack from rows.
      const bool small = port < node.outputs.size() && node.outputs[port].shape.has_rank() &&
                         (node.outputs[port].shape.rank() <= 2 || node.op == "tf/Const");
      if (values[port] && (!small || values[port]->size() > most_values)) values[port].reset();
    }
  }
  return out;
}

ShapeContext shapes_of(const Graph& graph, const Node& node, const OpCard& card, const Inference& known) {
  std::vector<TensorType> types;
  std::vector<std::optional<Dims>> ints;
  for (const Edge& edge : node.inputs) {
    types.push_back(graph.type(edge));
    ints.push_back(constant_sizes(graph, edge));
    const auto from = static_cast<size_t>(edge.node), port = static_cast<size_t>(edge.port);
    if (!ints.back() && from < known.ints.size() && port < known.ints[from].size()) ints.back() = known.ints[from][port];
  }
  return {node, card, std::move(types), std::move(ints)};
}

NodeId add_op(Graph& graph, const Registry& registry, Node node) {
  const OpCard* card = registry.op(node.op);
  if (card && card->shape_fn) {
    ShapeContext context = shapes_of(graph, node, *card);
    card->shape_fn(context);
    node.outputs = context.outputs();
  }
  return graph.add(std::move(node));
}

}  // namespace keraft
