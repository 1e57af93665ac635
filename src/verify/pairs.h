#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::verifying {

/// Indices into both lists: by name where all names agree, else by position. Throws Status::mismatch when the counts differ.
std::vector<std::pair<size_t, size_t>> paired(const std::vector<Port>& a, const std::vector<Port>& b, const std::string& what);

}  // namespace keraft::verifying
