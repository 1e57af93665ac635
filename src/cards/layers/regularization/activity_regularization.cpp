#include "cards/layer_card.h"

KERAFT_LAYER(activity_regularization) {
  card.keras("ActivityRegularization").about("training only: a penalty on what goes through; identity otherwise");
  card.config("l1", 0.0).config("l2", 0.0).identity_at_inference();
  card.sample({{"l2", 0.25}}, {{2, 5, 3}});
}
