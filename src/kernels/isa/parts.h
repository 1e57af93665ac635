#pragma once

// What the files of this folder offer to table.cpp.

#include "vec.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {

extern const TileSet<float> tiles_f32;
extern const TileSet<double> tiles_f64;

void depthwise_row_f32(const DepthwiseRow<float>& row);
void depthwise_row_f64(const DepthwiseRow<double>& row);

void map_f32(int op, const float* in, float* out, std::int64_t n, MapParams<float> params);
void map_f64(int op, const double* in, double* out, std::int64_t n, MapParams<double> params);

/// One function per value type; the names are overloads so that table.cpp can pick by type.
#define KERAFT_ROWS(T)                                                                                       \
  void affine_inner(const T* in, T* out, std::int64_t rows, std::int64_t channels, const Affine<T>& affine); \
  void affine_outer(const T* in, T* out, std::int64_t n, const Affine<T>& affine);                           \
  void pool_max(const T* const* cells, std::int64_t count, std::int64_t channels, T* out);                   \
  void pool_sum(const T* const* cells, std::int64_t count, std::int64_t channels, T divisor, T* out);        \
  void softmax_rows(const T* in, T* out, std::int64_t rows, std::int64_t columns, bool log);
KERAFT_ROWS(float)
KERAFT_ROWS(double)
#undef KERAFT_ROWS

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
