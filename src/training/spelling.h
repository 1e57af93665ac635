// Forms against a graph that is not normalised: identities are looked through.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ir/form.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::training {

struct Spelling {
  std::map<std::string, Edge, std::less<>> tensors;  ///< the form's names and slots ("@momentum" as "momentum")
  std::map<std::string, Edge, std::less<>> numbers;  ///< "$learning_rate"
  Dict attrs;                                        ///< "use_nesterov=$nesterov"
};

/// What `edge` is read from, through identities and reads of variables.
Edge behind(const Graph& graph, Edge edge, const Registry& registry);

/// The form with its last statement at `root`; constants in the form must be there. Names in `given` are bound already.
std::optional<Spelling> spelled(const Graph& graph, const ir::Form& form, NodeId root, const Registry& registry,
                                Spelling given = {});

}  // namespace keraft::training
