// Raw graph → simpler raw graph. One pass per file; the order stands in passes.inc.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::normalise {

struct PassContext {
  Graph& graph;
  const Registry& registry;
  const Control& control;
  bool infer = false;                                       ///< drop what acts in training only (dropout)
  std::vector<std::pair<std::string, std::string>>& lossy;  ///< where, what
  bool keep_data_format = false;                            ///< images stay with their channels first
  bool unfold_norms = false;                                ///< an identity behind what a normalisation was folded into
  std::set<std::string>* relaid = nullptr;                  ///< nodes whose tensors have their axes in another order now
};

/// Chooses what the graph means: inference branches, dropout. The result computes what the model computes when it is used, and
/// is what a conversion is compared with.
void resolve(PassContext context);
/// Changes the spelling, not the meaning. Types of all nodes are inferred afterwards.
void simplify(PassContext context);

#define KERAFT_PASS(stage, name, reason) void name(PassContext& context);
#include "normalise/passes.inc"
#undef KERAFT_PASS

}  // namespace keraft::normalise
