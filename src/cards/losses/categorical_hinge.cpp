#include "cards/loss_card.h"

KERAFT_LOSS(categorical_hinge) { card.keras("CategoricalHinge").about("max over the wrong p − the right p + 1, 0"); }
