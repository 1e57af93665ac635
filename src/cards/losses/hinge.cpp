#include "cards/loss_card.h"

KERAFT_LOSS(hinge) { card.keras("Hinge").about("max(1 − t · p, 0)"); }
