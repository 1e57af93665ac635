// Rows of a large weight, picked by index: they are read from the file, the weight as a whole never is.
#pragma once

#include <memory>

#include "run/fuse.h"

namespace keraft::run {

/// Smaller weights are as well read once.
inline constexpr uint64_t worth_storing = uint64_t{16} << 20;

/// Null when the node does more than to pick entries of the first axis of `table`, its input 0, by input 1. The node must
/// outlive the result.
std::unique_ptr<Fused> stored_rows(const Graph& graph, const Node& node, const OpCard& card, const Tensor& table);

}  // namespace keraft::run
