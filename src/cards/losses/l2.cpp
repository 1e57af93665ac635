#include "cards/loss_card.h"

KERAFT_LOSS(l2) {
  card.is_penalty("l2").about("the sum of a variable's squares");
  card.elements("y = L2Loss(variable)", 0.5);
  card.elements("s = Square(variable)   y = Sum(s, _, keep_dims=false)");
  card.elements("s = Mul(variable, variable)   y = Sum(s, _, keep_dims=false)");
  card.elements("s = Pow(variable, 2)   y = Sum(s, _, keep_dims=false)");
  card.writes_elements("tf.reduce_sum(tf.square({variable}))");
}
