// Function calls → the nodes of the function.
#pragma once

#include "keraft/control.hpp"
#include "keraft/graph.hpp"

namespace keraft::normalise {

/// Replaces every PartitionedCall, StatefulPartitionedCall and node whose op is a function of the graph by that function's
/// nodes, named behind the call's name, also inside the bodies of If, While and Case, which stay functions. Functions that
/// nothing refers to any more are dropped. Throws Status::format for recursion, missing functions and calls that do not fit;
/// Status::memory when the result would be over the limit of nodes, before anything is copied.
void inline_calls(Graph& graph, const Control& control);

}  // namespace keraft::normalise
