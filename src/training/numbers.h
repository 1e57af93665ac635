// Numbers that a graph computes without any input: hyper-parameters at the step that was reached.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"
#include "training/lookup.h"

namespace keraft::training {

struct Number {
  double value = 0;
  bool varies = false;  ///< it depends on a counter: a schedule
};

/// The value of a scalar while training: training flags are true, variables have the values of the checkpoint. Nothing when it
/// depends on what is fed.
std::optional<Number> number(const Graph& graph, Edge edge, const Source& source);

}  // namespace keraft::training
