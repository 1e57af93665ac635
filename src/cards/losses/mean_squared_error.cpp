#include "cards/loss_card.h"

KERAFT_LOSS(mean_squared_error) {
  card.keras("MeanSquaredError").about("(prediction − target)²").also("mse").also("MSE");
  card.writes_elements("tf.square({prediction} - {target})");
  for (const char* ends : {"prediction, target", "target, prediction"}) {
    const std::string inside = ends;
    card.rows("d = SquaredDifference(" + inside + ")   y = Mean(d, [-1], keep_dims=false)");
    card.elements("y = SquaredDifference(" + inside + ")");
    card.elements("d = Sub(" + inside + ")   y = Square(d)");
    card.elements("d = Sub(" + inside + ")   y = Pow(d, 2)");
    card.elements("d = Sub(" + inside + ")   y = Mul(d, d)");
  }
}
