#include "cards/loss_card.h"

KERAFT_LOSS(poisson) {
  card.keras("Poisson").about("p − t · log p");
  card.writes_elements("{prediction} - {target} * tf.math.log({prediction} + 1e-07)");
}
