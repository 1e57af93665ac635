#pragma once

#include <cmath>
#include <limits>

#include "vec.h"

// Elementary functions on packets. Eigen's pexp_*, plog, psin and pcos are kept (their errors are
// about one unit in the last place); its ptanh and logistic are not, and special values are put
// right. The polynomials are those of Cephes (Moshier).

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

template <class V>
using Scalar = typename ei::unpacket_traits<V>::type;

template <class V>
KERAFT_INLINE V constant(double value) {
  return ei::pset1<V>(static_cast<Scalar<V>>(value));
}

/// Horner's rule, highest coefficient first.
template <class V, int n>
KERAFT_INLINE V polynomial(const V& x, const double (&c)[n]) {
  V y = constant<V>(c[0]);
  KERAFT_UNROLL for (int i = 1; i < n; ++i) y = ei::pmadd(y, x, constant<V>(c[i]));
  return y;
}

template <class V>
KERAFT_INLINE V keep_nan(const V& x, const V& y) {
  return ei::pselect(ei::pcmp_eq(x, x), y, x);
}

/// Right between subnormal results and infinity only. Not pexp: its AVX-512 version reduces the
/// argument in one step, which costs five units in the last place at the far ends.
template <class V>
KERAFT_INLINE V exp_inside(const V& x) {
  if constexpr (sizeof(Scalar<V>) == 4)
    return ei::pexp_float(x);
  else
    return ei::pexp_double(x);
}

template <class V>
KERAFT_INLINE V exp_of(const V& x) {
  constexpr bool single = sizeof(Scalar<V>) == 4;
  // Beyond `top` the result is infinite; below `bottom` (deep in the subnormal range) it is 0.
  const V top = constant<V>(single ? 88.7228317 : 709.782712893384);
  const V bottom = constant<V>(single ? -88.7 : -709.7);
  V y = exp_inside(x);
  y = ei::pselect(ei::pcmp_lt(top, x), constant<V>(std::numeric_limits<double>::infinity()), y);
  y = ei::pselect(ei::pcmp_lt(x, bottom), constant<V>(0), y);
  return keep_nan(x, y);
}

template <class V>
KERAFT_INLINE V log_of(const V& x) {
  return keep_nan(x, ei::plog(x));
}

template <class T>
KERAFT_INLINE T log_of_scalar(T x) {
  return std::log(x);
}

template <class V>
KERAFT_INLINE V log1p_of(const V& x) {  // Kahan
  const V one = constant<V>(1);
  const V u = ei::padd(x, one);
  const V log_u = log_of(u);
  const V y = ei::pmul(x, ei::pdiv(log_u, ei::psub(u, one)));
  return ei::pselect(ei::por(ei::pcmp_eq(u, one), ei::pcmp_eq(u, log_u)), x, y);
}

template <class V>
KERAFT_INLINE V expm1_of(const V& x) {  // Kahan
  const V one = constant<V>(1), minus_one = constant<V>(-1);
  const V u = exp_of(x);
  const V less = ei::psub(u, one);
  const V log_u = ei::plog(u);
  V y = ei::pmul(less, ei::pdiv(x, log_u));
  y = ei::pselect(ei::pcmp_eq(log_u, u), u, y);
  y = ei::pselect(ei::pcmp_eq(less, minus_one), minus_one, y);
  return keep_nan(x, ei::pselect(ei::pcmp_eq(u, one), x, y));
}

template <class V>
KERAFT_INLINE V tanh_of(const V& x) {
  const V size = ei::pabs(x), square = ei::pmul(x, x);
  V small;
  if constexpr (sizeof(Scalar<V>) == 4) {
    const V p =
        polynomial(square, {-5.70498872745E-3, 2.06390887954E-2, -5.37397155531E-2, 1.33314422036E-1, -3.33332819422E-1});
    small = ei::pmadd(ei::pmul(p, square), x, x);
  } else {
    const V p = polynomial(square, {-9.64399179425052238628E-1, -9.92877231001918586564E1, -1.61468768441708447952E3});
    const V q = polynomial(square, {1.0, 1.12811678491632931402E2, 2.23548839060100448583E3, 4.84406305325125486048E3});
    small = ei::pmadd(ei::pmul(x, square), ei::pdiv(p, q), x);
  }
  const V one = constant<V>(1), two = constant<V>(2);
  const V large = ei::psub(one, ei::pdiv(two, ei::padd(exp_of(ei::padd(size, size)), one)));
  const V with_sign = ei::pselect(ei::pcmp_lt(x, constant<V>(0)), ei::pnegate(large), large);
  return keep_nan(x, ei::pselect(ei::pcmp_lt(size, constant<V>(0.625)), small, with_sign));
}

template <class V>
KERAFT_INLINE V sigmoid_of(const V& x) {
  const V one = constant<V>(1);
  return ei::pdiv(one, ei::padd(one, exp_of(ei::pnegate(x))));
}

template <class V>
KERAFT_INLINE V softplus_of(const V& x) {
  const V rest = log1p_of(exp_of(ei::pnegate(ei::pabs(x))));
  return keep_nan(x, ei::padd(ei::pmax(x, constant<V>(0)), rest));
}

/// Single precision only.
template <class V>
KERAFT_INLINE V erf_of(const V& x) {
  const V one = constant<V>(1);
  const V square = ei::pmul(x, x);
  const V small =
      ei::pmul(x, polynomial(square, {7.853861353153693E-5, -8.010193625184903E-4, 5.188327685732524E-3, -2.685381193529856E-2,
                                      1.128358514861418E-1, -3.761262582423300E-1, 1.128379165726710E+0}));
  const V size = ei::pmin(ei::pmax(ei::pabs(x), one), constant<V>(4));
  const V q = ei::pdiv(one, size), y = ei::pmul(q, q);
  const V below_2 = polynomial(
      y, {2.326819970068386E-2, -1.387039388740657E-1, 3.687424674597105E-1, -5.824733027278666E-1, 6.210004621745983E-1,
          -4.944515323274145E-1, 3.404879937665872E-1, -2.741127028184656E-1, 5.638259427386472E-1});
  const V above_2 = polynomial(y, {-1.047766399936249E+1, 1.297719955372516E+1, -7.495518717768503E+0, 2.921019019210786E+0,
                                   -1.015265279202700E+0, 4.218463358204948E-1, -2.820767439740514E-1, 5.641895067754075E-1});
  const V p = ei::pselect(ei::pcmp_lt(size, constant<V>(2)), below_2, above_2);
  const V large = ei::psub(one, ei::pmul(exp_inside(ei::pnegate(ei::pmul(size, size))), ei::pmul(q, p)));
  const V with_sign = ei::pselect(ei::pcmp_lt(x, constant<V>(0)), ei::pnegate(large), large);
  return keep_nan(x, ei::pselect(ei::pcmp_lt(ei::pabs(x), one), small, with_sign));
}

}  // namespace
}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
