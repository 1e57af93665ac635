// The Keras view of a graph: which layers there are, their calls, and the two orders that Keras files depend on.
#pragma once

#include <string>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::formats {

/// A layer, a model input or an operation node: one dict in the config.
struct PlanEntry {
  std::string name;
  int32_t layer = -1;         ///< index into Graph::layers; -1 for inputs and operation nodes
  std::vector<NodeId> calls;  ///< in the order of inbound_nodes; of an input: its node
};

struct Plan {
  std::vector<PlanEntry> entries;    ///< producers before readers wherever that is possible
  std::vector<size_t> model_layers;  ///< entries in the order of `model.layers` after loading, inputs included
  std::vector<size_t> entry_of;      ///< by node id
  std::vector<int32_t> call_of;      ///< by node id: which call of its entry
  bool sequential = false;           ///< a plain stack: Sequential
  bool in_order = true;              ///< each entry stands behind all that any of its calls reads
};

inline constexpr size_t no_entry = static_cast<size_t>(-1);

/// What the outputs need, no more. Throws Status::unsupported for raw nodes (all listed), for inputs that nothing reads, and
/// for names that Keras would refuse; Status::internal for references that do not exist.
Plan plan(const Graph& graph);

/// The order that every Keras computes when it loads a Functional model, whatever the file's own order:
/// depth-first numbering from the outputs, then by distance from them. `entry_of` as in Plan. Inputs that no output needs come
/// last.
std::vector<size_t> model_layer_order(const Graph& graph, const std::vector<size_t>& entry_of, size_t entries);

}  // namespace keraft::formats
