#include "cards/layers/activation/functions.h"

namespace keraft {
namespace {

// tf_slim's softmax: the axes before the last in one, and back.
bool rows_of_last_axis(Match& m) {
  const Shape x = m.shape("x"), rows = m.shape("r");
  if (!x.has_rank() || !rows.has_rank() || x.rank() < 2 || rows.rank() != 2) return false;
  return x == m.shape("y") && x[x.rank() - 1].known() && x[x.rank() - 1] == rows[1];
}

bool has_rows(Match& m) { return m.shape("x").has_rank() && m.shape("x").rank() >= 2; }

bool between_floats(keraft::Match& m) {
  const auto from = m.graph->type(m.inputs.front()).dtype, to = m.graph->type({m.nodes.front(), 0}).dtype;
  return keraft::is_floating(from) && keraft::is_floating(to);
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(activation) {
  card.keras("Activation").about("y = activation(x), by the function's name");
  card.needs("activation").folds_into("activation");
  function(card, "relu", {"y = Relu(x)"});
  function(card, "sigmoid", {"y = Sigmoid(x)", "n = Neg(x)   e = Exp(n)   d = AddV2(e, 1)   y = Reciprocal(d)"});
  function(card, "tanh", {"y = Tanh(x)", "d = Mul(x, 2)   s = Sigmoid(d)   t = Mul(s, 2)   y = AddV2(t, -1)"});
  function(card, "softmax", {"y = Softmax(x)"}, has_rows);
  card.also_reads("r = Reshape(x, _)   s = Softmax(r)   y = Reshape(s, _)", {{"activation", "softmax"}}, rows_of_last_axis);
  function(card, "log_softmax", {"y = LogSoftmax(x)", "s = Softmax(x)   y = Log(s)"}, has_rows);
  function(card, "elu", {"y = Elu(x)"});
  function(
      card, "selu",
      {"y = Selu(x)", "e = Elu(x)   c = Greater(x, 0)   a = Mul(e, 1.6732632)   s = SelectV2(c, e, a)   y = Mul(s, 1.050701)"});
  for (const char* less_one : {"e = Expm1(x)", "a = Exp(x)   e = AddV2(a, -1)"}) {
    for (const std::string& text : chosen(less_one, "0", "x", "e")) card.also_reads(text, {{"activation", "elu"}});
  }
  function(card, "softplus", {"y = Softplus(x)", "e = Exp(x)   a = AddV2(e, 1)   y = Log(a)", "e = Exp(x)   y = Log1p(e)"});
  function(card, "softsign", {"y = Softsign(x)", "a = Abs(x)   b = AddV2(a, 1)   y = RealDiv(x, b)"});
  function(card, "exponential", {"y = Exp(x)"});
  // "swish" is the name that every Keras loads.
  function(card, "swish", {"s = Sigmoid(x)   y = Mul(x, s)", "b = Mul(x, 1)   s = Sigmoid(b)   y = Mul(x, s)"});
  function(card, "mish", {"s = Softplus(x)   t = Tanh(s)   y = Mul(x, t)"});
  const std::string erf = "a = Mul(x, 0.70710678)   e = Erf(a)   p = AddV2(e, 1)   ";
  // Converters to other programs know Erf, and not all of them Erfc.
  function(card, "gelu",
           {erf + "h = Mul(x, 0.5)   y = Mul(h, p)", erf + "h = Mul(p, 0.5)   y = Mul(x, h)",
            erf + "m = Mul(x, p)   y = Mul(m, 0.5)",
            "h = Mul(x, 0.5)   n = Neg(x)   a = Mul(n, 0.70710678)   e = Erfc(a)   y = Mul(h, e)",
            "h = Mul(x, 0.5)   a = Mul(x, -0.70710678)   e = Erfc(a)   y = Mul(h, e)"});
  keras3_functions(card);
  // Keras 2 calls it "hard_sigmoid", the name of another function in Keras 3. In a graph it stays Rescaling and ReLU.
  card.form("m = Mul(x, 0.2)   a = AddV2(m, 0.5)   b = Maximum(a, 0)   y = Minimum(b, 1)",
            {{"activation", "keras2_hard_sigmoid"}}, [](keraft::Match&) { return false; });
  card.only_keras2("another function has its name in Keras 3", {{"activation", "keras2_hard_sigmoid"}});
  function(card, "linear", {"y = Identity(x)"});
  // Layers cast what they are given to the type that they compute in.
  card.also_reads("y = Cast(x, SrcT=_, DstT=_)", {{"activation", "linear"}}, between_floats);
  card.passes_masks().fidelity(Fidelity::rounding);
  for (const char* name : {"relu", "sigmoid", "tanh", "softmax", "log_softmax", "elu", "selu", "softplus", "softsign",
                           "exponential", "swish", "mish", "gelu"}) {
    card.sample({{"activation", name}}, {{2, 5, 3}});
  }
}
