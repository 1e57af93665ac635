#pragma once

#include "cards/shapes.h"
#include "kernels/gemm.h"

namespace keraft::cards {

/// One product; integers wrap around. For float, double, int32 and int64.
template <class T>
void multiply(const KernelContext& k, const kernels::GemmArgs<T>& g);

/// The last two axes are matrices, those before broadcast. `a`, `b`: transposed.
void matmul_shape(ShapeContext& s, bool a, bool b);
void matmul(KernelContext& k, bool a, bool b);

}  // namespace keraft::cards
