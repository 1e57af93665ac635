#pragma once

#include "context.h"
#include "unary_op.h"

namespace keraft::kernels {

/// y[i] = op(x[i]). y may be x. A value's result does not depend on its position.
///
/// NaN gives NaN. Bounds of the error in units of the last place, float / double: what map_test.cpp
/// asserts on 20,003 random values per range and instruction set against <cmath> in long double
/// (sampled, not proved; sigmoid and softplus from -85 and -80, elsewhere see the test's ranges):
///   exact or correctly rounded: copy neg abs sign square reciprocal sqrt floor ceil round relu relu6
///   clamp leaky_relu; rsqrt 1.5
///   exp 2, log 2, log1p 4, expm1 4, elu selu 5, sigmoid 4, tanh 4, softplus 4, softsign 2
///   sin cos 2 / <cmath>;  erf 4 / <cmath>;  erfc <cmath>
/// Results below the smallest normal number may become 0, and log takes subnormal numbers for it.
template <class T>
void map(const Kernels& kernels, UnaryOp op, const T* x, T* y, std::int64_t n, MapParams<T> params = {});

extern template void map(const Kernels&, UnaryOp, const float*, float*, std::int64_t, MapParams<float>);
extern template void map(const Kernels&, UnaryOp, const double*, double*, std::int64_t, MapParams<double>);

}  // namespace keraft::kernels
