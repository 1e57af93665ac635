// Nodes of keras.ops → raw ops: the codes of the op cards read the other way.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cards/code.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::lower {

class Operations {
 public:
  explicit Operations(const Registry& registry);

  /// Adds the raw op of a "keras.ops/…" node, with constants for what is no tensor; its node. `inputs` are the node's inputs in
  /// `out`. Throws Status::unsupported when no card's code computes it.
  NodeId lower(Graph& out, const Node& node, const std::vector<Edge>& inputs) const;

 private:
  struct Reading {
    const OpCard* card;
    const OpCard::Code* code;
    cards::CodeExpr expr;
  };
  const Registry& registry_;
  std::map<std::string, std::vector<Reading>, std::less<>> readings_;  ///< by class
};

}  // namespace keraft::lower
