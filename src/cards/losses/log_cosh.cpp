#include "cards/loss_card.h"

KERAFT_LOSS(log_cosh) {
  card.keras("LogCosh").about("log cosh(prediction − target)").also("logcosh");
  card.writes_elements(
      "error = {prediction} - {target}\n"
      "error + tf.nn.softplus(-2.0 * error) - tf.math.log(2.0)");
}
