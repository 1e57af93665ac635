#include "cards/loss_card.h"

KERAFT_LOSS(mean_absolute_percentage_error) {
  card.keras("MeanAbsolutePercentageError").about("100 · |prediction − target| / |target|").also("mape").also("MAPE");
}
