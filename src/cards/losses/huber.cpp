#include "cards/loss_card.h"

KERAFT_LOSS(huber) {
  card.keras("Huber").about("½ · d², where |d| ≤ δ, else δ · (|d| − ½ · δ)").also("huber_loss").entry("delta", 1.0);
  card.writes_elements(
      "error = tf.abs({prediction} - {target})\n"
      "tf.where(error <= {delta}, 0.5 * tf.square(error), {delta} * (error - 0.5 * {delta}))");
}
