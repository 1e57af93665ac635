#include "cards/optimizer_card.h"

namespace keraft {
namespace {

/// TensorFlow keeps a momentum that is never used; Keras does not.
bool drop_unused(OptimizerStep& s) {
  if (s.number("momentum") == 0) s.slots.erase("momentum");
  s.config["centered"] = s.slots.contains("average_gradient");
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_OPTIMIZER(rmsprop) {
  card.keras("RMSprop").about("v: moving average of the gradient's square; step lr · gradient / √(v + ε)");
  card.keeps({"velocity", "momentum", "average_gradient"});
  card.step("y = ApplyRMSProp(variable, @velocity, @momentum, $learning_rate, $rho, $momentum, $epsilon, gradient)",
            keraft::drop_unused);
  card.step(
      "y = ApplyCenteredRMSProp(variable, @average_gradient, @velocity, @momentum, $learning_rate, $rho, $momentum, $epsilon, "
      "gradient)",
      keraft::drop_unused);
}
