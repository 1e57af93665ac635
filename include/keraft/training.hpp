// How a model was trained, so that training can go on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "keraft/tensor.hpp"
#include "keraft/value.hpp"

namespace keraft {

struct Optimizer {
  std::string cls;                 ///< Keras class: "Adam"
  Dict config;                     ///< Keras' own keys; learning_rate as a number
  int64_t iterations = 0;          ///< steps taken
  std::vector<std::string> slots;  ///< what it keeps for each variable, in Keras' order
  bool by_variable = false;        ///< Keras lists all slots of a variable together; otherwise all variables of a slot
  bool state = false;              ///< every trainable weight has its slots (Slot::state)
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
  std::map<std::string, VariableTraining, std::less<>> variables;  ///< by Weight::key
  std::vector<Tensor> stored;  ///< of a Keras file: the optimizer's variables, as they lie there
};

}  // namespace keraft
