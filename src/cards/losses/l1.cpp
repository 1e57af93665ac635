#include "cards/loss_card.h"

KERAFT_LOSS(l1) {
  card.is_penalty("l1").about("the sum of a variable's magnitudes");
  card.elements("a = Abs(variable)   y = Sum(a, _, keep_dims=false)");
  card.writes_elements("tf.reduce_sum(tf.abs({variable}))");
}
