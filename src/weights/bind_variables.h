// Variables of a raw graph → ir/Weight nodes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"

namespace keraft::weights {

/// What is known about a variable. A part of a larger variable says of which, and where it lies.
struct Variable {
  std::string name;
  Tensor value;
  bool trainable = true;
  std::string key;
  std::vector<std::string> evidence;
  struct Part {
    std::string name;
    Tensor whole;
    std::vector<int64_t> start;
  };
  std::optional<Part> part;
};

/// A VariableV2, Variable or VarHandleOp.
bool is_variable(const Node& node) noexcept;

/// Makes every living VariableV2, Variable and VarHandleOp an ir/Weight. Who read the variable reads that node: ReadVariableOp
/// and Identity in between are gone, handles become values on their way through Switch, Enter and the bodies of If, While and
/// Case; ResourceGather becomes GatherV2. Where the graph joins all parts of a variable, the join becomes one weight. `lookup`
/// throws when it does not know a variable.
void bind_variables(Graph& graph, const std::function<Variable(const Node&)>& lookup, const Control& control);

}  // namespace keraft::weights
