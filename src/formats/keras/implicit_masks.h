// Masks that Keras 3 writes with calls, and computes again when it loads them.
#pragma once

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Does the tensor that the call reads have this mask anyway? Some layer made it, and all layers from there on handed it on.
bool is_implicit_mask(const Graph& graph, Edge mask, Edge x, const Registry& registry);

}  // namespace keraft::formats
