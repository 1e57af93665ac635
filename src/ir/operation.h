// Nodes of keras.ops, which stand in a Keras model beside its layers: "keras.ops/Add".
#pragma once

#include <string_view>

#include "keraft/graph.hpp"

namespace keraft {

inline constexpr std::string_view operation_prefix = "keras.ops/";

inline bool is_operation(const Node& node) { return node.op.starts_with(operation_prefix); }

}  // namespace keraft
