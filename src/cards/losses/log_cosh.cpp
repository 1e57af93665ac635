#include "cards/loss_card.h"

KERAFT_LOSS(log_cosh) { card.keras("LogCosh").about("log cosh(prediction − target)").also("logcosh"); }
