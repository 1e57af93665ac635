#include "cards/optimizer_card.h"

namespace keraft {
namespace {

bool without_epsilon(OptimizerStep& s) {
  s.config["epsilon"] = 0.0;
  return true;
}

/// The square under the root comes nearest, and is the same where nothing is summed yet.
bool epsilon_outside(OptimizerStep& s) {
  const double epsilon = s.number("epsilon");
  s.lossy.emplace_back("TensorFlow adds epsilon to the root, Keras under it: its square is written");
  s.config["epsilon"] = epsilon * epsilon;
  return epsilon <= 1e-6;
}

bool settle_adagrad(OptimizerStep& s) { return !s.config.contains("_fused") || epsilon_outside(s); }

}  // namespace
}  // namespace keraft

KERAFT_OPTIMIZER(adagrad) {
  card.keras("Adagrad").about("a: sum of the gradient's squares; step lr · gradient / √(a + ε)");
  card.keeps({{"accumulator"}}).entry("initial_accumulator_value", 0.1).entry("epsilon", 1e-7).told(keraft::settle_adagrad);
  card.step("y = ApplyAdagrad(variable, @accumulator, $learning_rate, gradient, update_slots=true)", keraft::without_epsilon);
  card.step("y = ApplyAdagradV2(variable, @accumulator, $learning_rate, $epsilon, gradient, update_slots=true)",
            keraft::epsilon_outside);
  card.starts("accumulator", "initial_accumulator_value");
  card.writes(
      "accumulator.assign_add(tf.square(gradient))\n"
      "weight.assign_sub({learning_rate} * gradient / tf.sqrt(accumulator + {epsilon}))");
}
