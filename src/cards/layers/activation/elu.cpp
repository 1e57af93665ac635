#include "cards/layers/activation/functions.h"

KERAFT_LAYER(elu) {
  card.keras("ELU").about("y = x where x > 0, else alpha · (exp(x) − 1)");
  card.config("alpha", 1.0);
  card.form("e = Elu(x)   h = Mul(e, $alpha)   c = Greater(x, 0)   y = SelectV2(c, e, h)");
  for (const char* less_one : {"e = Expm1(x)", "a = Exp(x)   e = AddV2(a, -1)", "e = Elu(x)"}) {
    for (const std::string& text : chosen(std::string(less_one) + "   h = Mul(e, $alpha)", "0", "x", "h"))
      card.also_reads(text);
  }
  card.fidelity(Fidelity::approximate).sample({{"alpha", 0.5}}, {{2, 5, 3}});
}
