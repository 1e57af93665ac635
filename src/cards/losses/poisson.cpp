#include "cards/loss_card.h"

KERAFT_LOSS(poisson) { card.keras("Poisson").about("p − t · log p"); }
