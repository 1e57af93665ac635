#include "cards/optimizer_card.h"

namespace keraft {
namespace {

bool without_epsilon(OptimizerStep& s) {
  s.config["epsilon"] = 0.0;
  return true;
}

bool epsilon_outside(OptimizerStep& s) {
  s.lossy.emplace_back("TensorFlow adds epsilon to the root, Keras under it");
  return s.number("epsilon") <= 1e-6;
}

}  // namespace
}  // namespace keraft

KERAFT_OPTIMIZER(adagrad) {
  card.keras("Adagrad").about("a: sum of the gradient's squares; step lr · gradient / √(a + ε)");
  card.keeps({"accumulator"});
  card.step("y = ApplyAdagrad(variable, @accumulator, $learning_rate, gradient, update_slots=true)", keraft::without_epsilon);
  card.step("y = ApplyAdagradV2(variable, @accumulator, $learning_rate, $epsilon, gradient, update_slots=true)",
            keraft::epsilon_outside);
}
