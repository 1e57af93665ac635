#include "cards/loss_card.h"

KERAFT_LOSS(binary_crossentropy) {
  card.keras("BinaryCrossentropy").about("−(t · log p + (1 − t) · log(1 − p))").after("Sigmoid");
  card.entry("from_logits", false).entry("label_smoothing", 0.0).entry("axis", -1);
  const std::string clipped = "prediction = tf.clip_by_value({prediction}, 1e-07, 1.0 - 1e-07)\n";
  const std::string softened = "target = (1.0 - {label_smoothing}) * {target} + 0.5 * {label_smoothing}\n";
  for (const bool plain : {true, false}) {
    const keraft::Dict when = plain ? keraft::Dict{{"label_smoothing", 0.0}, {"axis", -1}} : keraft::Dict{{"axis", -1}};
    const std::string before = plain ? "" : softened, target = plain ? "{target}" : "target";
    card.writes_elements(before + "tf.nn.sigmoid_cross_entropy_with_logits(labels=" + target + ", logits={prediction})", when)
        .from_logits();
    card.writes_elements(before + clipped + "right = " + target +
                             " * tf.math.log(prediction)\n"
                             "wrong = (1.0 - " +
                             target +
                             ") * tf.math.log(1.0 - prediction)\n"
                             "-(right + wrong)",
                         when);
  }
  const std::string stable =
      "z = ZerosLike(prediction)   c = GreaterEqual(prediction, z)   r = Select(c, prediction, z)   n = Neg(prediction)   "
      "a = Select(c, n, prediction)   m = Mul(prediction, target)   s = Sub(r, m)   e = Exp(a)   l = Log1p(e)   ";
  card.rows(stable + "t = Add(s, l)   y = Mean(t, [-1], keep_dims=false)").of_logits();
  card.elements(stable + "y = Add(s, l)").of_logits();
}
