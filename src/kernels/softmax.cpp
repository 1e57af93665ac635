#include "softmax.h"

#include <algorithm>

namespace keraft::kernels {

namespace {

template <class T>
void run(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t columns, bool log) {
  if (columns <= 0) return;
  const std::int64_t grain = std::max<std::int64_t>(1, 8192 / columns);
  kernels.threads().parallel_for(rows, grain, [&](std::int64_t begin, std::int64_t end) {
    kernels.isa().ops<T>().softmax_rows(x + begin * columns, y + begin * columns, end - begin, columns, log);
  });
}

}  // namespace

template <class T>
void softmax(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t columns) {
  run(kernels, x, y, rows, columns, false);
}
template <class T>
void log_softmax(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t columns) {
  run(kernels, x, y, rows, columns, true);
}

template void softmax(const Kernels&, const float*, float*, std::int64_t, std::int64_t);
template void softmax(const Kernels&, const double*, double*, std::int64_t, std::int64_t);
template void log_softmax(const Kernels&, const float*, float*, std::int64_t, std::int64_t);
template void log_softmax(const Kernels&, const double*, double*, std::int64_t, std::int64_t);

}  // namespace keraft::kernels
