#include "cards/softmax.h"

#include <cmath>

#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/softmax.h"

namespace keraft::cards {
namespace {

/// TensorFlow rounds each step of LogSoftmax, but for the sum.
template <class T>
void log_softmax_steps(const T* x, T* y, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; ++r, x += columns, y += columns) {
    T top = *x;
    for (int64_t c = 1; c < columns; ++c) top = larger(top, x[c]);
    float sum = 0;
    for (int64_t c = 0; c < columns; ++c) {
      y[c] = x[c] - top;
      sum += T(std::exp(static_cast<float>(y[c])));
    }
    const T log_sum = std::log(static_cast<float>(T(sum)));
    for (int64_t c = 0; c < columns; ++c) y[c] = y[c] - log_sum;
  }
}

}  // namespace

void softmax_card(OpCard& op, bool log) {
  op.in("logits").out(log ? "logsoftmax" : "softmax").attr("T").fidelity(Fidelity::approximate);
  op.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() == 0) s.fail("needs an axis");
    s.same(0, 0);
  });
  const auto floats = with_halves([log](KernelContext& k) {
    const Array& in = k.array(0);
    const int64_t columns = in.dims.back(), rows = columns == 0 ? 0 : in.elements() / columns;
    dispatch(k, in.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const T* x = in.as<T>();
      T* y = k.in_place(0, 0).template as<T>();
      log ? kernels::log_softmax(k.kernels(), x, y, rows, columns) : kernels::softmax(k.kernels(), x, y, rows, columns);
    });
  });
  op.kernel([log, floats](KernelContext& k) {
    const Array& in = k.array(0);
    if (!log || (in.dtype != DType::f16 && in.dtype != DType::bf16)) return floats(k);
    const int64_t columns = in.dims.back(), rows = columns == 0 ? 0 : in.elements() / columns;
    dispatch(k, in.dtype, Types<Half, BFloat16>{}, [&](auto type) {
      using T = decltype(type);
      log_softmax_steps(in.as<T>(), k.result().as<T>(), rows, columns);
    });
  });
  op.sample({dims({2, 3})});
  op.sample({dims({2, 3, 5})});
  op.sample({dims({4, 1})});
  op.sample({dims({1, 33})});
  op.sample({dims({7})});
  op.sample({dims({0, 3})});
}

}  // namespace keraft::cards
