#pragma once

#include "panels.h"

namespace keraft::kernels {

/// C = clamp(A * B + bias + residual), all row-major. Each element is summed in the order of k,
/// whatever the number of threads. C must not overlap A or B; the residual may be C itself.
template <class T>
struct GemmArgs {
  std::int64_t m = 0, n = 0, k = 0;
  const T* a = nullptr;  // m x k, or k x m when transposed
  std::int64_t lda = 0;
  bool transpose_a = false;
  const T* b = nullptr;  // k x n, or n x k when transposed; not read when B comes packed
  std::int64_t ldb = 0;
  bool transpose_b = false;
  T* c = nullptr;  // m x n
  std::int64_t ldc = 0;
  Epilogue<T> epilogue;

  // Several products of the same shape, the matrices these distances apart (0: shared).
  std::int64_t batch = 1;
  std::int64_t stride_a = 0, stride_b = 0, stride_c = 0, stride_residual = 0;
};

/// A constant B, laid out for one instruction set. May be shared by concurrent calls.
template <class T>
class PackedB {
 public:
  std::int64_t k() const noexcept { return plan_.k; }
  std::int64_t n() const noexcept { return plan_.n; }
  std::size_t bytes() const noexcept { return data_.bytes(); }

 private:
  template <class U>
  friend PackedB<U> pack_b(const Kernels&, std::int64_t, std::int64_t, const U*, std::int64_t, bool);
  template <class U>
  friend void gemm(const Kernels&, const GemmArgs<U>&, const PackedB<U>&);

  PanelPlan plan_;
  Buffer data_;
};

template <class T>
PackedB<T> pack_b(const Kernels& kernels, std::int64_t k, std::int64_t n, const T* b, std::int64_t ldb,
                  bool transposed = false);

template <class T>
void gemm(const Kernels& kernels, const GemmArgs<T>& args);

/// Throws std::invalid_argument if B was packed for another instruction set or another shape.
template <class T>
void gemm(const Kernels& kernels, const GemmArgs<T>& args, const PackedB<T>& b);

extern template PackedB<float> pack_b(const Kernels&, std::int64_t, std::int64_t, const float*, std::int64_t, bool);
extern template PackedB<double> pack_b(const Kernels&, std::int64_t, std::int64_t, const double*, std::int64_t, bool);
extern template void gemm(const Kernels&, const GemmArgs<float>&);
extern template void gemm(const Kernels&, const GemmArgs<double>&);
extern template void gemm(const Kernels&, const GemmArgs<float>&, const PackedB<float>&);
extern template void gemm(const Kernels&, const GemmArgs<double>&, const PackedB<double>&);

}  // namespace keraft::kernels
