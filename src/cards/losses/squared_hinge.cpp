#include "cards/loss_card.h"

KERAFT_LOSS(squared_hinge) { card.keras("SquaredHinge").about("max(1 − t · p, 0)²"); }
