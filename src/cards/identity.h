// Ops that give their input back.
#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// All but the name, what it is about, and code.
inline void identity_card(OpCard& op) {
  op.identity().in("input").out("output").attr("T");
  op.shape(like_input);
  op.ints([](const ShapeContext& s) { return s.ints(0); });
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({0, 4})});
  op.sample({given_i32({4, 5, 6})}, {{"T", DType::i32}});
}

}  // namespace keraft::cards
