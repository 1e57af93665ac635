#include "cards/loss_card.h"

KERAFT_LOSS(mean_squared_logarithmic_error) {
  card.keras("MeanSquaredLogarithmicError").about("(log(p + 1) − log(t + 1))²").also("msle").also("MSLE");
}
