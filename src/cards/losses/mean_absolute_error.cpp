#include "cards/loss_card.h"

KERAFT_LOSS(mean_absolute_error) {
  card.keras("MeanAbsoluteError").about("|prediction − target|").also("mae").also("MAE");
  card.writes_elements("tf.abs({prediction} - {target})");
  for (const char* ends : {"prediction, target", "target, prediction"}) {
    const std::string inside = ends;
    card.rows("d = Sub(" + inside + ")   a = Abs(d)   y = Mean(a, [-1], keep_dims=false)");
    card.elements("d = Sub(" + inside + ")   y = Abs(d)");
  }
}
