// Which checkpoint key is restored into which variable: read from the graph that does the restoring.
#pragma once

#include <map>
#include <string>

#include "formats/graphdef/functions.h"
#include "keraft/graph.hpp"

namespace keraft::formats {

struct Restored {
  std::string key, slice;
  std::string evidence;
};

/// By variable node's name. `op` is SaverDef's restore_op_name; nothing that it does not reach counts.
std::map<std::string, Restored> restored_variables(const Graph& graph, const std::string& op, FunctionLibrary& functions);

}  // namespace keraft::formats
