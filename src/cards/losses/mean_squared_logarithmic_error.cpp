#include "cards/loss_card.h"

KERAFT_LOSS(mean_squared_logarithmic_error) {
  card.keras("MeanSquaredLogarithmicError").about("(log(p + 1) − log(t + 1))²").also("msle").also("MSLE");
  card.writes_elements(
      "prediction = tf.math.log1p(tf.maximum({prediction}, 1e-07))\n"
      "target = tf.math.log1p(tf.maximum({target}, 1e-07))\n"
      "tf.square(prediction - target)");
}
