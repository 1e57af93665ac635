#include "cards/loss_card.h"

KERAFT_LOSS(sparse_categorical_crossentropy) {
  card.keras("SparseCategoricalCrossentropy").about("−log p of the target, an index").after("Softmax");
  card.entry("from_logits", false);
  card.rows("y, _ = SparseSoftmaxCrossEntropyWithLogits(prediction, target)").of_logits();
}
