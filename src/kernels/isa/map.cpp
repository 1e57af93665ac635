#include "../unary_op.h"
#include "math.h"
#include "parts.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

template <class T, class Fn>
KERAFT_INLINE void each(const T* in, T* out, Index n, Fn fn) {
  using V = Packet<T>;
  constexpr Index VL = lanes<T>;
  Index i = 0;
  for (; i + VL <= n; i += VL) store(out + i, fn(load<V>(in + i)));
  if (i < n) store_part(out + i, fn(load_part<V>(in + i, n - i)), n - i);
}

template <class T, class Fn>
KERAFT_INLINE void each_scalar(const T* in, T* out, Index n, Fn fn) {
  for (Index i = 0; i < n; ++i) out[i] = fn(in[i]);
}

#define KERAFT_EACH(expression)                                                              \
  each(                                                                                      \
      in, out, n, [&](const V& x) __attribute__((always_inline))->V { return expression; }); \
  return
#define KERAFT_EACH_SCALAR(expression)                           \
  each_scalar(in, out, n, [&](T x) -> T { return expression; }); \
  return

/// Chosen where x > 0; NaN goes the other way, so `otherwise` has to hand it on.
template <class V>
KERAFT_INLINE V if_positive(const V& x, const V& then, const V& otherwise) {
  return ei::pselect(ei::pcmp_lt(ei::pzero(x), x), then, otherwise);
}

template <class T>
void map(UnaryOp op, const T* in, T* out, Index n, const MapParams<T>& params) {
  using V = Packet<T>;
  const V zero = constant<V>(0), one = constant<V>(1);
  const V a = set1<V>(params.a), b = set1<V>(params.b);
  switch (op) {
    case UnaryOp::copy:
      KERAFT_EACH(x);
    case UnaryOp::neg:
      KERAFT_EACH(ei::pnegate(x));
    case UnaryOp::abs:
      KERAFT_EACH(ei::pabs(x));
    case UnaryOp::sign:
      KERAFT_EACH(if_positive(x, one, ei::pselect(ei::pcmp_lt(x, zero), ei::pnegate(one), x)));
    case UnaryOp::square:
      KERAFT_EACH(ei::pmul(x, x));
    case UnaryOp::reciprocal:
      KERAFT_EACH(ei::pdiv(one, x));
    case UnaryOp::sqrt:
      KERAFT_EACH(ei::psqrt(x));
    case UnaryOp::rsqrt:
      KERAFT_EACH(ei::pdiv(one, ei::psqrt(x)));
    case UnaryOp::floor:
      KERAFT_EACH(ei::pfloor(x));
    case UnaryOp::ceil:
      KERAFT_EACH(ei::pceil(x));
    case UnaryOp::round:
      KERAFT_EACH(ei::print(x));
    case UnaryOp::relu:
      KERAFT_EACH(ei::pmax(x, zero));
    case UnaryOp::relu6:
      KERAFT_EACH(clamp(x, zero, constant<V>(6)));
    case UnaryOp::clamp:
      KERAFT_EACH(clamp(x, a, b));
    case UnaryOp::leaky_relu:
      KERAFT_EACH(if_positive(x, x, ei::pmul(x, a)));
    case UnaryOp::elu:
      KERAFT_EACH(if_positive(x, x, ei::pmul(a, expm1_of(x))));
    case UnaryOp::selu: {
      const V scale = constant<V>(1.0507009873554804934193349852946);
      const V scale_alpha = constant<V>(1.7580993408473768599402175208123);
      KERAFT_EACH(if_positive(x, ei::pmul(scale, x), ei::pmul(scale_alpha, expm1_of(x))));
    }
    case UnaryOp::softplus:
      KERAFT_EACH(softplus_of(x));
    case UnaryOp::softsign: {
      // The limit of x / (1 + |x|) at infinity is not what the division gives.
      const V most = constant<V>(std::numeric_limits<T>::max());
      KERAFT_EACH(ei::pdiv(clamp(x, ei::pnegate(most), most), ei::padd(one, ei::pmin(ei::pabs(x), most))));
    }
    case UnaryOp::sigmoid:
      KERAFT_EACH(sigmoid_of(x));
    case UnaryOp::tanh:
      KERAFT_EACH(tanh_of(x));
    case UnaryOp::exp:
      KERAFT_EACH(exp_of(x));
    case UnaryOp::expm1:
      KERAFT_EACH(expm1_of(x));
    case UnaryOp::log:
      KERAFT_EACH(log_of(x));
    case UnaryOp::log1p:
      KERAFT_EACH(log1p_of(x));
    case UnaryOp::sin:
      if constexpr (sizeof(T) == 4) {
        KERAFT_EACH(ei::psin(x));
      } else {
        KERAFT_EACH_SCALAR(std::sin(x));
      }
    case UnaryOp::cos:
      if constexpr (sizeof(T) == 4) {
        KERAFT_EACH(ei::pcos(x));
      } else {
        KERAFT_EACH_SCALAR(std::cos(x));
      }
    case UnaryOp::erf:
      if constexpr (sizeof(T) == 4) {
        KERAFT_EACH(erf_of(x));
      } else {
        KERAFT_EACH_SCALAR(std::erf(x));
      }
    case UnaryOp::erfc:
      KERAFT_EACH_SCALAR(static_cast<T>(std::erfc(static_cast<double>(x))));
    case UnaryOp::count_:
      return;
  }
}

}  // namespace

void map_f32(int op, const float* in, float* out, Index n, MapParams<float> params) {
  map(static_cast<UnaryOp>(op), in, out, n, params);
}
void map_f64(int op, const double* in, double* out, Index n, MapParams<double> params) {
  map(static_cast<UnaryOp>(op), in, out, n, params);
}

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
