#include "cards/loss_card.h"

KERAFT_LOSS(binary_crossentropy) {
  card.keras("BinaryCrossentropy").about("−(t · log p + (1 − t) · log(1 − p))").after("Sigmoid");
  card.entry("from_logits", false).entry("label_smoothing", 0.0).entry("axis", -1);
  const std::string stable =
      "z = ZerosLike(prediction)   c = GreaterEqual(prediction, z)   r = Select(c, prediction, z)   n = Neg(prediction)   "
      "a = Select(c, n, prediction)   m = Mul(prediction, target)   s = Sub(r, m)   e = Exp(a)   l = Log1p(e)   ";
  card.rows(stable + "t = Add(s, l)   y = Mean(t, [-1], keep_dims=false)").of_logits();
  card.elements(stable + "y = Add(s, l)").of_logits();
}
