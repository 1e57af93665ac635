// Whether a node fits the signature of its op.
#pragma once

#include <optional>
#include <string>

#include "keraft/graph.hpp"

namespace keraft {
struct OpCard;
}  // namespace keraft

namespace keraft::formats {

/// What is wrong with the number of the node's inputs or with the kinds of its attributes; nothing when both fit.
std::optional<std::string> misfit(const Node& node, const OpCard& card);

}  // namespace keraft::formats
