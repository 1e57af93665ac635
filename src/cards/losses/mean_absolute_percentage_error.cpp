#include "cards/loss_card.h"

KERAFT_LOSS(mean_absolute_percentage_error) {
  card.keras("MeanAbsolutePercentageError").about("100 · |prediction − target| / |target|").also("mape").also("MAPE");
  card.writes_elements("100.0 * tf.abs({target} - {prediction}) / tf.maximum(tf.abs({target}), 1e-07)");
}
