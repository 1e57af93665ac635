#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// The last two axes are matrices, those before broadcast. `a`, `b`: transposed.
void matmul_shape(ShapeContext& s, bool a, bool b);
void matmul(KernelContext& k, bool a, bool b);

}  // namespace keraft::cards
