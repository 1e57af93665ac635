#include "cards/loss_card.h"

KERAFT_LOSS(categorical_crossentropy) {
  card.keras("CategoricalCrossentropy").about("−Σ target · log p").after("Softmax");
  card.entry("from_logits", false).entry("label_smoothing", 0.0).entry("axis", -1);
  const std::string softened =
      "classes = tf.cast(tf.shape({target})[-1], {target}.dtype)\n"
      "target = (1.0 - {label_smoothing}) * {target} + {label_smoothing} / classes\n";
  const std::string normal =
      "prediction = {prediction} / tf.reduce_sum({prediction}, axis=-1, keepdims=True)\n"
      "prediction = tf.clip_by_value(prediction, 1e-07, 1.0 - 1e-07)\n";
  for (const bool plain : {true, false}) {
    const keraft::Dict when = plain ? keraft::Dict{{"label_smoothing", 0.0}, {"axis", -1}} : keraft::Dict{{"axis", -1}};
    const std::string before = plain ? "" : softened, target = plain ? "{target}" : "target";
    card.writes_rows(before + "tf.nn.softmax_cross_entropy_with_logits(labels=" + target + ", logits={prediction})", when)
        .from_logits();
    card.writes_rows(before + normal + "-tf.reduce_sum(" + target + " * tf.math.log(prediction), axis=-1)", when);
  }
  card.rows("y, _ = SoftmaxCrossEntropyWithLogits(prediction, target)").of_logits();
  card.rows("l = Log(prediction)   m = Mul(l, target)   y = Sum(m, [-1], keep_dims=false)", -1);
}
