#include "map.h"

namespace keraft::kernels {

template <class T>
void map(const Kernels& kernels, UnaryOp op, const T* x, T* y, std::int64_t n, MapParams<T> params) {
  kernels.threads().parallel_for(n, 16384, [&](std::int64_t begin, std::int64_t end) {
    kernels.isa().ops<T>().map(static_cast<int>(op), x + begin, y + begin, end - begin, params);
  });
}

template void map(const Kernels&, UnaryOp, const float*, float*, std::int64_t, MapParams<float>);
template void map(const Kernels&, UnaryOp, const double*, double*, std::int64_t, MapParams<double>);

}  // namespace keraft::kernels
