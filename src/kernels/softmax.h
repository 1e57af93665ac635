#pragma once

#include "context.h"

namespace keraft::kernels {

/// Over the last axis: `rows` rows of `columns` values. y may be x. A row that holds NaN or +infinity
/// becomes NaN, as does one of -infinity only.
template <class T>
void softmax(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t columns);
template <class T>
void log_softmax(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t columns);

extern template void softmax(const Kernels&, const float*, float*, std::int64_t, std::int64_t);
extern template void softmax(const Kernels&, const double*, double*, std::int64_t, std::int64_t);
extern template void log_softmax(const Kernels&, const float*, float*, std::int64_t, std::int64_t);
extern template void log_softmax(const Kernels&, const double*, double*, std::int64_t, std::int64_t);

}  // namespace keraft::kernels
