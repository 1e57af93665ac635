#pragma once

namespace keraft::kernels {

/// Largest errors against the exact result, in units of the last place, are in map.h.
enum class UnaryOp {
  copy,
  neg,
  abs,
  sign,
  square,
  reciprocal,
  sqrt,
  rsqrt,
  floor,
  ceil,
  round,  // half to even
  relu,
  relu6,
  clamp,       // to [a, b]
  leaky_relu,  // slope a below 0
  elu,         // a * expm1(x) below 0
  selu,
  softplus,
  softsign,
  sigmoid,
  tanh,
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  erf,
  erfc,
  count_,
};

}  // namespace keraft::kernels
