#include "formats/keras/implicit_masks.h"

#include "cards/layer_card.h"
#include "formats/keras/operations.h"

namespace keraft::formats {
namespace {

/// x ≠ value, of all features together or not.
struct MaskTest {
  Edge x{no_node, 0};
  std::optional<double> value;
  bool features = false;
};

MaskTest compared(const Graph& graph, Edge mask) {
  MaskTest out;
  const Node* node = &graph.at(mask.node);
  if (node->op == "keras.ops/Any" && node->inputs.size() == 1) {
    const auto axis = node->attrs.find("axis");
    if (axis == node->attrs.end() || axis->second != Value(-1)) return {};
    out.features = true;
    node = &graph.at(node->inputs.front().node);
  }
  if (node->op != "keras.ops/NotEqual" || node->inputs.size() != 1 || node->attrs.size() != 1) return {};
  out.x = node->inputs.front();
  out.value = node->attrs.begin()->second.number();
  return out;
}

}  // namespace

bool is_implicit_mask(const Graph& graph, Edge mask, Edge x, const Registry& registry) {
  const MaskTest made = compared(graph, mask);
  if (!made.value) return false;
  for (size_t steps = 0; steps < graph.nodes.size(); ++steps) {
    const Node& node = graph.at(x.node);
    if (node.layer < 0 || node.inputs.empty()) return false;
    const Layer& layer = graph.layers[static_cast<size_t>(node.layer)];
    const LayerCard* card = registry.layer(layer.cls);
    if (!card) return false;
    const bool by_index = card->value(layer.config, "mask_zero") == Value(true);
    const auto by_value = card->value(layer.config, "mask_value").number();
    if (node.inputs.front() == made.x && by_index) return !made.features && made.value == 0;
    if (node.inputs.front() == made.x && by_value) return made.features && made.value == by_value;
    if (!card->hands_masks_on || by_index || by_value) return false;
    x = node.inputs.front();
  }
  return false;
}

}  // namespace keraft::formats
