#include "cards/layer_card.h"

KERAFT_LAYER(activation) {
  card.keras("Activation").about("y = activation(x), by the function's name");
  card.needs("activation").folds_into("activation");
  card.form("y = Relu(x)", {{"activation", "relu"}});
  card.form("y = Sigmoid(x)", {{"activation", "sigmoid"}});
  card.form("y = Tanh(x)", {{"activation", "tanh"}});
  card.form("y = Softmax(x)", {{"activation", "softmax"}},
            [](Match& m) { return m.shape("x").has_rank() && m.shape("x").rank() >= 2; });
  card.form("y = Elu(x)", {{"activation", "elu"}});
  card.form("y = Selu(x)", {{"activation", "selu"}});
  card.form("y = Softplus(x)", {{"activation", "softplus"}});
  card.form("y = Softsign(x)", {{"activation", "softsign"}});
  card.form("y = Exp(x)", {{"activation", "exponential"}});
  card.form("s = Sigmoid(x)   y = Mul(x, s)", {{"activation", "swish"}});
  card.form("y = Identity(x)", {{"activation", "linear"}});
  card.fidelity(Fidelity::rounding);
  for (const char* name :
       {"relu", "sigmoid", "tanh", "softmax", "elu", "selu", "softplus", "softsign", "exponential", "swish"}) {
    card.sample({{"activation", name}}, {{2, 5, 3}});
  }
}
