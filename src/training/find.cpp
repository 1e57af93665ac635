#include "training/find.h"

#include "base/string.h"
#include "training/objective.h"
#include "training/optimizer.h"

namespace keraft::training {

Training find(const Graph& graph, const std::vector<Average>& averages, const std::set<NodeId>& objectives,
              const Source& source) {
  Training out;
  for (const Average& average : averages) {
    const bool follows_variable = weights::is_variable(graph.at(average.value.node));
    if (average.kept && !follows_variable) out.variables[source.lookup(graph.at(average.variable)).key].kept = average.kept;
  }
  find_optimizer(graph, source, out);
  if (objectives.size() == 1) {
    read_objective(graph, {*objectives.begin(), 0}, graph.outputs, source, out);
  } else if (objectives.size() > 1) {
    source.lossy->emplace_back(graph.at(*objectives.begin()).name, "several losses are minimised; the model is not compiled");
  }
  return out;
}

}  // namespace keraft::training
