// The steps that compute some tensors of a graph.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"
#include "run/execute.h"
#include "run/fuse.h"

namespace keraft::run {

using Value = int32_t;  ///< a tensor of the plan
inline constexpr Value no_value = -1;

struct Step {
  const Node* node = nullptr;
  const OpCard* card = nullptr;
  std::vector<Value> in;   ///< of a fused step: x, then the residual if there is one
  std::vector<bool> last;  ///< by input: no later step reads it, and it is not asked for
  std::vector<Value> out;  ///< no_value where nobody reads the output
  std::unique_ptr<Fused> fused;
};

struct Plan {
  std::vector<Step> steps;
  std::vector<std::optional<Array>> constants;   ///< by value
  std::vector<std::pair<size_t, Value>> inputs;  ///< index into Graph::inputs
  std::vector<Value> fetched;                    ///< in the order asked for
};

/// The graph must outlive the plan. Throws Status::unsupported listing every node that is needed and has no kernel.
Plan make_plan(const Graph& graph, const Registry& registry, const std::vector<Edge>& fetch, Environment& env);

}  // namespace keraft::run
