#include "cards/optimizer_card.h"

namespace keraft {
namespace {

/// TensorFlow keeps a momentum that is never used; Keras does not.
bool drop_unused(OptimizerStep& s) {
  if (s.number("momentum") == 0) s.slots.erase("momentum");
  s.config["centered"] = s.slots.contains("average_gradient");
  return true;
}

/// Without momentum TensorFlow's op is not used, and epsilon stands outside the root; its square does the same inside.
bool settle_rmsprop(OptimizerStep& s) {
  if (s.config.contains("_fused") && s.number("momentum") == 0) {
    const double epsilon = s.number("epsilon");
    s.config["epsilon"] = epsilon * epsilon;
    s.lossy.emplace_back("TensorFlow adds epsilon to the root, Keras under it: its square is written");
  }
  if (s.number("momentum") == 0) s.slots.erase("momentum");
  if (s.config.at("centered") == Value(false)) s.slots.erase("average_gradient");
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_OPTIMIZER(rmsprop) {
  card.keras("RMSprop").about("v: moving average of the gradient's square; step lr · gradient / √(v + ε)");
  card.keeps({{"velocity"}, {"momentum"}, {"average_gradient"}}).also("rms", "velocity").also("mg", "average_gradient");
  card.entry("rho", 0.9).entry("momentum", 0.0).entry("epsilon", 1e-7).entry("centered", false).told(keraft::settle_rmsprop);
  card.step("y = ApplyRMSProp(variable, @velocity, @momentum, $learning_rate, $rho, $momentum, $epsilon, gradient)",
            keraft::drop_unused);
  card.step(
      "y = ApplyCenteredRMSProp(variable, @average_gradient, @velocity, @momentum, $learning_rate, $rho, $momentum, $epsilon, "
      "gradient)",
      keraft::drop_unused);
  for (const bool centered : {false, true}) {
    const std::string average = "velocity.assign({rho} * velocity + (1 - {rho}) * tf.square(gradient))\n";
    const std::string centre = "average_gradient.assign({rho} * average_gradient + (1 - {rho}) * gradient)\n";
    const std::string variance = "variance = velocity - tf.square(average_gradient)\n";
    const std::string change =
        std::string("{learning_rate} * gradient / tf.sqrt(") + (centered ? "variance" : "velocity") + " + {epsilon})";
    const std::string head = average + (centered ? centre + variance : "");
    card.writes(head + "weight.assign_sub(" + change + ")", {{"momentum", 0.0}, {"centered", centered}});
    card.writes(head + "change = " + change + "\nmomentum.assign({momentum} * momentum + change)\nweight.assign_sub(momentum)",
                {{"centered", centered}});
  }
}
