// An optimizer card: how TensorFlow spells one step of an optimizer on one variable, and what Keras calls its parts. One file
// under optimizers/ per card.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ir/form.h"
#include "keraft/training.hpp"
#include "keraft_cards.h"  // IWYU pragma: keep — generated declarations of all card functions

namespace keraft {

/// One step on one variable, as a form read it.
struct OptimizerStep {
  Dict config;                          ///< numbers and flags; names that begin with '_' are for the card's own use and go
  std::map<std::string, Tensor> slots;  ///< "momentum" → the contents of its variable
  std::optional<double> iterations;     ///< steps taken, as far as the step itself tells
  std::vector<std::string> lossy;       ///< what Keras computes otherwise

  double number(std::string_view field) const;
};

struct OptimizerCard {
  /// Completes a step; false refuses it.
  using Complete = std::function<bool(OptimizerStep&)>;
  struct Rule {
    ir::Form form;  ///< one statement; "ApplyX" reads ResourceApplyX too
    Complete complete;
  };

  /// A step in TensorFlow's Python, on `weight` with its `gradient` and slots, by their names; {entry} is of the config,
  /// {dtype} the type of the weights.
  struct Code {
    std::string step;    ///< statements for each weight
    Dict when;           ///< entries for which it holds
    std::string before;  ///< statements before all of them; `step` may read what they set
  };

  using Slots = std::vector<std::vector<std::string>>;  ///< as Optimizer::slots

  std::string cls, summary;
  Slots slots;  ///< a step may lack some
  std::map<std::string, std::string, std::less<>> other_names;
  Dict config;
  Complete settle;
  std::vector<Rule> rules;
  std::vector<Code> codes;                                     ///< the first that fits
  std::map<std::string, std::string, std::less<>> slot_start;  ///< slot → the config entry that it is filled with at first

  /// The groups without the slots that are not among `some`.
  Slots kept(const std::set<std::string>& some) const;

  OptimizerCard& keras(std::string name);
  OptimizerCard& about(std::string text);
  /// What Keras keeps for each variable, in the order of its files.
  OptimizerCard& keeps(Slots groups);
  /// Keras 2 calls a slot so too.
  OptimizerCard& also(std::string name, std::string slot);
  /// A config entry with Keras' default, besides the learning rate and what all optimizers have.
  OptimizerCard& entry(std::string key, Value fallback);
  /// Completes what Keras 2 tells of an optimizer; `_fused` says that TensorFlow's own ops take its steps.
  OptimizerCard& told(Complete complete);
  /// "y = ApplyX(variable, @slot, $learning_rate, gradient, use_nesterov=$nesterov)": @ is a variable of the optimizer, $ a
  /// number that the graph computes. An attribute that the node lacks has the value that the form gives.
  OptimizerCard& step(std::string_view form, Complete complete = {});
  OptimizerCard& writes(std::string step, Dict when = {}, std::string before = {});
  /// The slot is filled with this entry before the first step; others with zeros.
  OptimizerCard& starts(std::string slot, std::string entry);
};

/// The function that fills the card of the file `src/cards/optimizers/<id>.cpp`; listed by cmake/cards.cmake.
#define KERAFT_OPTIMIZER(id) void keraft::cards::optimizer_##id(::keraft::OptimizerCard& card)

}  // namespace keraft
