// How a model was trained, so that training can go on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "keraft/tensor.hpp"
#include "keraft/value.hpp"

namespace keraft {

struct Optimizer {
  std::string cls;         ///< Keras class: "Adam"
  Dict config;             ///< Keras' own keys; learning_rate is a number, or a schedule as Keras' files tell it
  int64_t iterations = 0;  ///< steps taken
  /// What it keeps for each variable. Keras' files list a group after the other, and in a group variable by variable.
  std::vector<std::vector<std::string>> slots;
  bool state = false;  ///< every trainable weight has its slots (Slot::state, group after group)
};

/// The loss on one output of the model.
struct Loss {
  std::string cls;  ///< Keras class: "CategoricalCrossentropy"
  Dict config;
  double weight = 1;
};

/// What training does to one variable. Tensors have the variable's own layout.
struct VariableTraining {
  std::map<std::string, double> penalties;  ///< by Keras' name: "l2" · the sum of squares is part of the loss
  std::optional<double> kept;               ///< of a moving average: the part of it that each step keeps
  bool stepped = false;                     ///< the optimizer trains it
  std::map<std::string, Tensor> slots;
};

struct Training {
  std::optional<Optimizer> optimizer;
  std::vector<Loss> losses;                                        ///< one for each output; empty: unknown
  std::vector<List> metrics;                                       ///< the same; a name or a Keras object each
  std::map<std::string, VariableTraining, std::less<>> variables;  ///< by Weight::key
  std::vector<std::pair<std::string, std::string>> lossy;          ///< what reading left out: where, what
  std::vector<Tensor> stored;  ///< of a Keras file: the optimizer's variables, as they lie there
  Dict settings = {};          ///< the same of what the model was compiled with
};

}  // namespace keraft
