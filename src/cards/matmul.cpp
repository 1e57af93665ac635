#include "cards/matmul.h"

#include "cards/numeric.h"
#include "kernels/broadcast.h"
#include "kernels/gemm.h"

namespace keraft::cards {

template <class T>
void multiply(const KernelContext& k, const kernels::GemmArgs<T>& g) {
  if constexpr (std::is_floating_point_v<T>) {
    kernels::gemm(k.kernels(), g);
  } else {
    using U = uint64_t;
    for (int64_t i = 0; i < g.m; ++i) {
      for (int64_t j = 0; j < g.n; ++j) {
        U sum = 0;
        for (int64_t p = 0; p < g.k; ++p) {
          sum += static_cast<U>(g.transpose_a ? g.a[p * g.lda + i] : g.a[i * g.lda + p]) *
                 static_cast<U>(g.transpose_b ? g.b[j * g.ldb + p] : g.b[p * g.ldb + j]);
        }
        g.c[i * g.ldc + j] = static_cast<T>(sum);
      }
    }
  }
}
template void multiply(const KernelContext&, const kernels::GemmArgs<float>&);
template void multiply(const KernelContext&, const kernels::GemmArgs<double>&);
template void multiply(const KernelContext&, const kernels::GemmArgs<int32_t>&);
template void multiply(const KernelContext&, const kernels::GemmArgs<int64_t>&);

void matmul_shape(ShapeContext& s, bool a, bool b) {
  const Shape &x = s.shape(0), &y = s.shape(1);
  if (!x.has_rank() || !y.has_rank()) return s.out(0, s.dtype(0), Shape());
  if (x.rank() < 2 || y.rank() < 2) s.fail("needs matrices, not " + x.text() + " and " + y.text());
  const size_t xr = x.rank(), yr = y.rank();
  const Dim &inner_x = x[a ? xr - 2 : xr - 1], &inner_y = y[b ? yr - 1 : yr - 2];
  if (inner_x.known() && inner_y.known() && inner_x != inner_y)
    s.fail("matrices " + x.text() + " and " + y.text() + " do not fit");
  const auto batch = [](const Shape& shape) { return Shape(Dims(shape.dims().begin(), shape.dims().end() - 2)); };
  Dims out = broadcast(s, batch(x), batch(y)).dims();
  out.push_back(x[a ? xr - 1 : xr - 2]);
  out.push_back(y[b ? yr - 2 : yr - 1]);
  s.out(0, s.dtype(0), out);
}

void matmul(KernelContext& k, bool a, bool b) {
  const Array &x = k.array(0), &y = k.array(1);
  if (x.dtype != y.dtype) k.fail("the inputs have different types");
  Array& out = k.result();
  const size_t xr = x.dims.size(), yr = y.dims.size(), rank = out.dims.size();
  dispatch(k, x.dtype, Numbers{} + Types<int16_t>{}, [&](auto type) {
    using T = decltype(type);
    kernels::GemmArgs<T> g;
    g.m = out.dims[rank - 2];
    g.n = out.dims[rank - 1];
    g.k = x.dims[a ? xr - 2 : xr - 1];
    g.lda = x.dims[xr - 1];
    g.ldb = y.dims[yr - 1];
    g.ldc = g.n;
    g.transpose_a = a;
    g.transpose_b = b;
    if (out.elements() == 0) return;
    const std::vector<int64_t> batch_x(x.dims.begin(), x.dims.end() - 2), batch_y(y.dims.begin(), y.dims.end() - 2);
    const kernels::BroadcastPlan plan(batch_x, batch_y);
    for (int64_t line = 0; line < plan.lines; ++line) {
      const auto at = plan.offsets(line);
      for (int64_t i = 0; i < plan.line; ++i) {
        g.a = x.as<T>() + (at.a + (plan.move_a ? i : 0)) * g.m * g.k;
        g.b = y.as<T>() + (at.b + (plan.move_b ? i : 0)) * g.k * g.n;
        g.c = out.as<T>() + (line * plan.line + i) * g.m * g.n;
        multiply(k, g);
      }
    }
  });
}

}  // namespace keraft::cards
