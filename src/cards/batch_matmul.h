// BatchMatMul, V2 and V3: cards that differ in their types alone.
#pragma once

#include "cards/code_guards.h"
#include "cards/matmul.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// All but the name, the attributes of the types, and samples.
inline void batch_matmul_card(OpCard& op) {
  op.about("products of matrices in the last two axes").fidelity(Fidelity::approximate);
  op.code("ops.matmul({0}, {1})", {{"adj_x", false}, {"adj_y", false}});
  op.code_with([](CodeContext& k) { return matmul_code(k, k.flag("adj_x"), k.flag("adj_y")); });
  op.in("x").in("y").out("output");
  for (const char* flag : {"adj_x", "adj_y", "grad_x", "grad_y"}) op.attr(flag, false);
  op.shape([](ShapeContext& s) { matmul_shape(s, s.flag("adj_x"), s.flag("adj_y")); });
  op.kernel(with_halves([](KernelContext& k) { matmul(k, k.flag("adj_x"), k.flag("adj_y")); }));
}

}  // namespace keraft::cards
