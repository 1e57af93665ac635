#include "cards/loss_card.h"

KERAFT_LOSS(categorical_crossentropy) {
  card.keras("CategoricalCrossentropy").about("−Σ target · log p").after("Softmax");
  card.entry("from_logits", false).entry("label_smoothing", 0.0).entry("axis", -1);
  card.rows("y, _ = SoftmaxCrossEntropyWithLogits(prediction, target)").of_logits();
  card.rows("l = Log(prediction)   m = Mul(l, target)   y = Sum(m, [-1], keep_dims=false)", -1);
}
