// keraft's own marks for what training adds to a tensor: the source computes the identity when it is used.
#pragma once

#include <algorithm>

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

/// The sizes of what is drawn once for all places along the shared axes: "[None, 1, None]"; empty: for each place.
inline std::string drawn_sizes(const ShapeContext& s) {
  const auto shared = s.list("shared");
  if (shared.empty() || !s.shape(0).has_rank()) return {};
  std::string out;
  for (size_t axis = 0; axis < s.shape(0).rank(); ++axis) {
    const bool once = std::find(shared.begin(), shared.end(), static_cast<int64_t>(axis)) != shared.end();
    out += std::string(axis ? ", " : "[") + (once ? "1" : "None");
  }
  return out + "]";
}

}  // namespace keraft::cards
