#include "cards/layer_card.h"

// What no operation of keras.ops stands for; cards/keras_ops.inc lists the functions that become operations.
KERAFT_LAYER(tf_op_lambda) {
  using namespace keraft;
  card.keras("TFOpLambda").about("a function of TensorFlow, by its public name");
  card.needs("function").only_keras2("Keras 3 has no functions of TensorFlow").sample({{"function", "identity"}}, {{2, 3}});
}
