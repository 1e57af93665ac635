// Does a form fit at a node? Fails closed: whatever the form does not mention must have its default.
#pragma once

#include <optional>
#include <vector>

#include "cards/layer_card.h"
#include "keraft/registry.hpp"

namespace keraft::recover {

class Matcher {
 public:
  Matcher(const Graph& graph, const Registry& registry);

  /// The rule's last statement at `root`. Inner values have no reader outside, weights have the sizes that the card says, the
  /// guards agree; `config` is complete.
  std::optional<Match> match(const LayerCard& card, const LayerCard::Rule& rule, NodeId root) const;

  /// The same for what the card's own function finds.
  std::optional<Match> find(const LayerCard& card, const LayerCard::Finder& finder, NodeId root) const;

  /// Node `to`, new in `graph`, takes over the readers and outputs of `from`'s port 0, and reads its own inputs.
  void moved(Graph& graph, NodeId from, NodeId to);

 private:
  struct Task {
    const ir::FormArg* arg;
    Edge edge;
    NodeId reader;
    int32_t input;
    double (*turn)(double) = nullptr;  ///< what becomes of a constant before it is compared
  };
  struct Search {
    Match match;
    std::vector<Task> tasks;
    std::vector<NodeId> nodes;  // of each statement
  };
  bool solve(const ir::Form& form, Search& search) const;
  bool bind(const ir::Form& form, const Task& task, Search& search) const;
  bool bind_weight(const Task& task, Match& match) const;
  bool enter(const ir::Form& form, size_t statement, NodeId node, Search& search) const;
  bool attributes(const ir::Statement& statement, const Node& node, const OpCard& card, Match& match) const;
  bool closed(const std::vector<NodeId>& nodes, NodeId root) const;
  void add_sizes(Match& match) const;
  bool sizes(Match& match) const;

  const Graph& graph_;
  const Registry& registry_;
  std::vector<std::vector<NodeId>> readers_;
  std::vector<bool> is_output_, constant_;
};

}  // namespace keraft::recover
