// keraft's own marks for what training adds to a tensor: the source computes the identity when it is used.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// "ir/…" with one number, and where `shares`, the axes along which one choice serves all.
inline void training_mark(OpCard& op, const char* name, const char* about, const char* number, bool shares) {
  op.tf(name).about(about).identity();
  op.in("x").out("y").attr(number);
  if (shares) op.attr("shared", dims({}));
  op.layout(shares ? Layout{.axis_attrs = {"shared"}} : Layout{});
  op.shape(like_input);
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{number, 0.25}});
  op.sample({dims({})}, {{number, 0.5}});
  op.sample({dims({0, 2})}, {{number, 0.125}});
}

}  // namespace keraft::cards
