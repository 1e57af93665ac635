// The steps that compute some tensors of a graph.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"
#include "run/execute.h"
#include "run/fuse.h"

namespace keraft::run {

using Cell = int32_t;  ///< of a tensor; when nobody reads it any more, of a later one
inline constexpr Cell no_cell = -1;

struct Step {
  const Node* node = nullptr;
  const OpCard* card = nullptr;
  std::unique_ptr<Fused> fused;
  size_t begin = 0;  ///< of its cells in the plan: those that it reads, then those that it fills
  uint32_t reads = 0, fills = 0;
};

struct Plan {
  std::vector<Step> steps;
  /// Of one step after another. A fused one reads x, then the residual if there is one; no_cell where nobody reads an output.
  std::vector<Cell> cells;
  std::vector<bool> last;  ///< beside them: no later step reads the tensor, and it is not asked for
  size_t count = 0;        ///< of all cells
  std::vector<std::pair<Cell, Array>> constants;
  std::vector<std::pair<size_t, Cell>> inputs;  ///< index into Graph::inputs
  std::vector<Cell> fetched;                    ///< in the order asked for

  std::span<const Cell> in(const Step& step) const { return {cells.data() + step.begin, step.reads}; }
  std::span<const Cell> out(const Step& step) const { return {cells.data() + step.begin + step.reads, step.fills}; }
};

/// The graph must outlive the plan. Throws Status::unsupported listing every node that is needed and has no kernel.
Plan make_plan(const Graph& graph, const Registry& registry, const std::vector<Edge>& fetch, Environment& env);

}  // namespace keraft::run
