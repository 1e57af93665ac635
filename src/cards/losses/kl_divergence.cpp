#include "cards/loss_card.h"

KERAFT_LOSS(kl_divergence) {
  card.keras("KLDivergence").about("t · log(t / p)").also("kullback_leibler_divergence").also("kld").also("KLD");
  card.writes_rows(
      "target = tf.clip_by_value({target}, 1e-07, 1.0)\n"
      "prediction = tf.clip_by_value({prediction}, 1e-07, 1.0)\n"
      "tf.reduce_sum(target * tf.math.log(target / prediction), axis=-1)");
}
