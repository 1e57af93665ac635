#include "cards/optimizer_card.h"

namespace keraft {
namespace {

/// TensorFlow 1 sums gradients and multiplies with the learning rate afterwards; Keras sums what it subtracts.
bool sums_gradients(OptimizerStep& s) {
  s.slots["momentum"] = scaled(s.slots.at("momentum"), static_cast<float>(-s.number("learning_rate")));
  return true;
}

/// Keras 2 keeps zeros where there is no momentum, Keras 3 nothing.
bool without_zeros(OptimizerStep& s) {
  if (s.number("momentum") == 0) s.slots.erase("momentum");
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_OPTIMIZER(sgd) {
  card.keras("SGD").about("step lr · gradient, with momentum: the sum of all before");
  card.keeps({{"momentum"}}).also("m", "momentum");
  card.entry("momentum", 0.0).entry("nesterov", false).told(keraft::without_zeros);
  card.step("y = ApplyGradientDescent(variable, $learning_rate, gradient)");
  card.step("y = ApplyMomentum(variable, @momentum, $learning_rate, gradient, $momentum, use_nesterov=$nesterov)",
            keraft::sums_gradients);
  card.step("y = ApplyKerasMomentum(variable, @momentum, $learning_rate, gradient, $momentum, use_nesterov=$nesterov)");
  const std::string sum = "momentum.assign({momentum} * momentum - {learning_rate} * gradient)\n";
  card.writes("weight.assign_sub({learning_rate} * gradient)", {{"momentum", 0.0}});
  card.writes(sum + "weight.assign_add(momentum)", {{"nesterov", false}});
  card.writes(sum + "weight.assign_add({momentum} * momentum - {learning_rate} * gradient)");
}
