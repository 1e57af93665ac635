#include "cards/layer_card.h"

namespace {

// tf_slim's softmax: the axes before the last in one, and back.
bool rows_of_last_axis(keraft::Match& m) {
  const keraft::Shape x = m.shape("x"), rows = m.shape("r");
  if (!x.has_rank() || !rows.has_rank() || x.rank() < 2 || rows.rank() != 2) return false;
  return x == m.shape("y") && x[x.rank() - 1].known() && x[x.rank() - 1] == rows[1];
}

bool between_floats(keraft::Match& m) {
  const auto from = m.graph->type(m.inputs.front()).dtype, to = m.graph->type({m.nodes.front(), 0}).dtype;
  return keraft::is_floating(from) && keraft::is_floating(to);
}

}  // namespace

KERAFT_LAYER(activation) {
  card.keras("Activation").about("y = activation(x), by the function's name");
  card.needs("activation").folds_into("activation");
  card.form("y = Relu(x)", {{"activation", "relu"}});
  card.form("y = Sigmoid(x)", {{"activation", "sigmoid"}});
  card.form("y = Tanh(x)", {{"activation", "tanh"}});
  card.form("y = Softmax(x)", {{"activation", "softmax"}},
            [](Match& m) { return m.shape("x").has_rank() && m.shape("x").rank() >= 2; });
  card.also_reads("r = Reshape(x, _)   s = Softmax(r)   y = Reshape(s, _)", {{"activation", "softmax"}}, rows_of_last_axis);
  card.form("y = Elu(x)", {{"activation", "elu"}});
  card.form("y = Selu(x)", {{"activation", "selu"}});
  card.form("y = Softplus(x)", {{"activation", "softplus"}});
  card.form("y = Softsign(x)", {{"activation", "softsign"}});
  card.form("y = Exp(x)", {{"activation", "exponential"}});
  card.form("s = Sigmoid(x)   y = Mul(x, s)", {{"activation", "swish"}});
  card.form("y = Identity(x)", {{"activation", "linear"}});
  // Layers cast what they are given to the type that they compute in.
  card.also_reads("y = Cast(x, SrcT=_, DstT=_)", {{"activation", "linear"}}, between_floats);
  card.fidelity(Fidelity::rounding);
  for (const char* name :
       {"relu", "sigmoid", "tanh", "softmax", "elu", "selu", "softplus", "softsign", "exponential", "swish"}) {
    card.sample({{"activation", name}}, {{2, 5, 3}});
  }
}
