#include <cmath>

#include "cards/optimizer_card.h"

namespace keraft {
namespace {

/// The powers of beta are those of the step to come. A power that float32 has lost tells nothing; when both are lost, so many
/// steps were taken that their number no longer matters.
bool count_steps(OptimizerStep& s) {
  for (const char* beta : {"beta_1", "beta_2"}) {
    const double power = s.number(std::string("_power_") + beta), base = static_cast<float>(s.number(beta));
    if (!(base >= 0 && base < 1 && power >= 0 && power <= 1)) return false;
    if (!s.iterations && power > 1e-30 && base > 0) s.iterations = std::max(0.0, std::log(power) / std::log(base) - 1);
  }
  if (!s.iterations) s.iterations = 1e6;
  return true;
}

bool settle_adam(OptimizerStep& s) {
  if (s.config.at("amsgrad") == Value(false)) s.slots.erase("velocity_hat");
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_OPTIMIZER(adam) {
  card.keras("Adam").about("m, v: moving averages of gradient and square; step m · lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) / (√v + ε)");
  card.keeps({{"momentum", "velocity"}, {"velocity_hat"}});
  card.also("m", "momentum").also("v", "velocity").also("vhat", "velocity_hat");
  card.entry("beta_1", 0.9).entry("beta_2", 0.999).entry("epsilon", 1e-7).entry("amsgrad", false).told(keraft::settle_adam);
  card.step(
      "y = ApplyAdam(variable, @momentum, @velocity, $_power_beta_1, $_power_beta_2, $learning_rate, $beta_1, $beta_2, "
      "$epsilon, gradient, use_nesterov=false)",
      keraft::count_steps);
  const std::string averages =
      "momentum.assign({beta_1} * momentum + (1 - {beta_1}) * gradient)\n"
      "velocity.assign({beta_2} * velocity + (1 - {beta_2}) * tf.square(gradient))\n";
  const std::string rate =
      "t = tf.cast({iterations}, {dtype})\n"
      "rate = {learning_rate} * tf.sqrt(1 - {beta_2}**t) / (1 - {beta_1}**t)";
  card.writes(averages + "weight.assign_sub(rate * momentum / (tf.sqrt(velocity) + {epsilon}))", {{"amsgrad", false}}, rate);
  card.writes(averages +
                  "velocity_hat.assign(tf.maximum(velocity_hat, velocity))\n"
                  "weight.assign_sub(rate * momentum / (tf.sqrt(velocity_hat) + {epsilon}))",
              {}, rate);
}
