#include "cards/loss_card.h"

KERAFT_LOSS(categorical_hinge) {
  card.keras("CategoricalHinge").about("max over the wrong p − the right p + 1, 0");
  card.writes_rows(
      "right = tf.reduce_sum({target} * {prediction}, axis=-1)\n"
      "wrong = tf.reduce_max((1.0 - {target}) * {prediction}, axis=-1)\n"
      "tf.maximum(wrong - right + 1.0, 0.0)");
}
