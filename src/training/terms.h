// A loss as a sum of terms that loss cards know.
#pragma once

#include <optional>
#include <vector>

#include "cards/loss_card.h"
#include "training/reduction.h"
#include "training/spelling.h"

namespace keraft::training {

struct Term {
  const LossCard* card;
  const LossCard::Rule* rule;
  Spelling spelling;    ///< "prediction" and "target", or "variable"
  Reduction reduction;  ///< of a comparison
  double factor = 1;    ///< of the whole term
  NodeId node = no_node;
};

struct Terms {
  std::vector<Term> found;
  NodeId strange = no_node;  ///< a term that no card knows
};

/// What depends on no variable is left out. Ranks are checked where types are known.
Terms terms_of(const Graph& graph, Edge loss, const Registry& registry);

/// What the terms compare with targets; where the graph goes on from logits to their activation, that. Nothing when a term is
/// strange, or nothing is compared.
std::optional<std::vector<Edge>> predictions(const Graph& graph, NodeId loss, const Registry& registry);

}  // namespace keraft::training
