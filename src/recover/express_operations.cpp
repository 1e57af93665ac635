#include <algorithm>
#include <map>

#include "cards/express.h"
#include "ir/rewire.h"
#include "recover/recover.h"

namespace keraft::recover {
namespace {

bool calculates(const Node& node) { return node.layer < 0 && node.op.starts_with("tf/") && node.op != "tf/Const"; }

}  // namespace

std::map<std::string, std::string> express_operations(Graph& graph, const Registry& registry) {
  std::map<std::string, std::string> reasons;
  ir::Rewire rewire(graph);
  const std::vector<NodeId> order = graph.order();
  std::vector<bool> computed(graph.nodes.size(), false);  // from the model's inputs
  for (const NodeId id : order) {
    const Node& node = graph.at(id);
    const auto from_input = [&](const Edge& edge) { return computed[static_cast<size_t>(edge.node)]; };
    computed[static_cast<size_t>(id)] =
        node.op == "ir/Input" || std::any_of(node.inputs.begin(), node.inputs.end(), from_input);
    if (!calculates(node)) continue;
    const auto from_weights = [&](const Edge& edge) { return calculates(graph.at(edge.node)) && !from_input(edge); };
    if (std::any_of(node.inputs.begin(), node.inputs.end(), from_weights)) {
      reasons[node.name] = "it reads what is computed from weights alone";
      continue;
    }
    std::string why;
    const auto said = cards::express(graph, id, registry, cards::Weights::written, why);
    if (!said) {
      reasons[graph.at(id).name] = why;
      continue;
    }
    // Sizes that are no operations are told by generated layers, which must see how they are computed.
    const auto unsaid_size = [&](const Edge& edge) {
      return reasons.contains(graph.at(edge.node).name) && is_integer(graph.type(edge).dtype);
    };
    const bool from_sizes = std::any_of(said->nodes.begin(), said->nodes.end(), [&](NodeId made) {
      return std::any_of(graph.at(made).inputs.begin(), graph.at(made).inputs.end(), unsaid_size);
    });
    if (from_sizes) {
      for (const NodeId made : said->nodes) graph.at(made).dead = true;
      reasons[graph.at(id).name] = "it reads sizes that are no operation of Keras";
      continue;
    }
    for (size_t port = 0; port < said->results.size(); ++port)
      rewire.set({id, static_cast<int32_t>(port)}, said->results[port]);
    graph.at(id).dead = true;
  }
  rewire.apply();
  graph.prune();
  return reasons;
}

}  // namespace keraft::recover
