// The compile settings of a Keras model, in the words of the cards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cards/optimizer_card.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::reading {

class Compiled {
 public:
  /// `order`: the names of the outputs as lists in the settings have them. What no Keras knows, or no card, is left out and
  /// told in `out`.
  Compiled(const Dict& settings, const std::vector<Port>& outputs, const std::vector<std::string>& order,
           const Registry& registry, Training& out)
      : settings_(settings), outputs_(outputs), order_(order), registry_(registry), out_(out) {}

  void losses();
  void metrics();
  /// The card of the optimizer that "optimizer" or "optimizer_config" tells; null: there is none, or no card.
  const OptimizerCard* optimizer_card();
  struct Settled {
    OptimizerStep step;  ///< config and slots that are kept
    Dict before;         ///< the config as it is told
  };
  /// `fused`: TensorFlow's own ops take the steps.
  std::optional<Settled> settled(const OptimizerCard& card, bool fused);
  /// The slots of a settled optimizer, as Optimizer::slots.
  static OptimizerCard::Slots kept(const OptimizerCard& card, const Settled& settled);

 private:
  void note(const std::string& what) { out_.lossy.emplace_back("compile settings", what); }
  const Dict* told() const;
  std::optional<Loss> loss(const Value& value) const;
  bool entries(const OptimizerCard& card, const Dict& told, Dict& out);

  const Dict& settings_;
  const std::vector<Port>& outputs_;
  const std::vector<std::string>& order_;
  const Registry& registry_;
  Training& out_;
};

/// What Keras keeps for each variable when averages of it are taken.
inline constexpr std::string_view average = "average";

/// Reads the settings and the state that a Keras file left in graph.training. What is left out is told in `lossy`.
void read_compiled(Graph& graph, const Registry& registry, std::vector<std::pair<std::string, std::string>>& lossy);

}  // namespace keraft::reading
