// The end of every write: read back, compare, and put in place.
#pragma once

#include <string>

#include "base/file.h"
#include "formats/keras/plan.h"
#include "formats/keras/stream.h"
#include "keraft/control.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Throws Status::internal unless `read` holds the same layers, calls, inputs, outputs and weights as the graph that was
/// written. `weights`: what was streamed.
void compare_models(const Graph& graph, const Plan& plan, const std::vector<Placed>& weights, const Graph& read,
                    const Registry& registry, const Control& control);

/// Renames the finished file into place, with the generated classes of the graph in a `.py` beside it.
void commit(base::AtomicFile& file, const Graph& graph, const Plan& plan, const std::string& path);

}  // namespace keraft::formats
