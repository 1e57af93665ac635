#include <cmath>

#include "cards/layers/merge/merge.h"
#include "ir/constant.h"

namespace keraft {
namespace {

/// (a + b + …) / n, or · 1/n.
bool averages(Match& m) {
  const NodeId root = m.nodes.front();
  const Node& node = m.graph->at(root);
  const auto is_sum = [&](Edge e) {
    return m.graph->at(e.node).op == "tf/AddV2" || m.graph->at(e.node).op == "tf/Add" || m.graph->at(e.node).op == "tf/AddN";
  };
  if (node.inputs.size() != 2) return false;
  const size_t at = is_sum(node.inputs[0]) ? 0 : 1;
  const auto scalar = ir::scalar(*m.graph, node.inputs[1 - at]);
  const double number = scalar ? scalar->number().value_or(0) : 0;
  const Node& sum = m.graph->at(node.inputs[at].node);
  if (!is_sum(node.inputs[at]) || number == 0 || (node.op != "tf/Mul" && at == 1) || sum.layer >= 0 || sum.dead) return false;
  if (sum.op == "tf/AddN") {
    m.nodes.push_back(node.inputs[at].node);
    m.inputs = sum.inputs;
  } else {
    if (sum.inputs.size() != 2) return false;
    cards::add_chain(m, node.inputs[at].node, "AddV2", "Add");
  }
  for (const Edge& edge : m.inputs) {
    if (!cards::is_data(*m.graph, edge)) return false;
  }
  const auto count = static_cast<double>(m.inputs.size());
  const bool fits = node.op == "tf/Mul" ? std::abs(number * count - 1) < 1e-7 : number == count;
  return count > 1 && fits && cards::equal_ranks(m);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(average) {
  using namespace keraft;
  card.keras("Average").about("the mean of the inputs, element by element");
  card.recover_with({"RealDiv", "Mul"}, 3, averages);
  card.lower_with([](LowerContext& c) {
    const Edge sum = cards::lower_chain(c, "AddV2");
    const auto count = static_cast<double>(c.inputs().size());
    const auto narrow = static_cast<float>(count);
    const DType dtype = c.type(sum).dtype;
    return c.op("RealDiv", {sum, c.constant(dtype == DType::f64 ? make_tensor<double>(dtype, {}, std::span(&count, 1))
                                                                : make_tensor<float>(DType::f32, {}, std::span(&narrow, 1)))});
  });
  card.fidelity(Fidelity::rounding).sample({}, {{2, 5, 3}, {2, 5, 3}}).sample({}, {{3, 4}, {3, 4}, {3, 4}});
  cards::formerly_merge(card, "ave");
}
