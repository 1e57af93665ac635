#include "cards/loss_card.h"

KERAFT_LOSS(sparse_categorical_crossentropy) {
  card.keras("SparseCategoricalCrossentropy").about("−log p of the target, an index").after("Softmax");
  card.entry("from_logits", false);
  const std::string entropy = "tf.nn.sparse_softmax_cross_entropy_with_logits(labels={target}, logits=";
  card.writes_rows(entropy + "{prediction})").from_logits();
  card.writes_rows("prediction = tf.clip_by_value({prediction}, 1e-07, 1.0 - 1e-07)\n" + entropy + "tf.math.log(prediction))");
  card.rows("y, _ = SparseSoftmaxCrossEntropyWithLogits(prediction, target)").of_logits();
}
