#pragma once

#include <cstdint>
#include <span>

// The hot loops exist once per instruction set (isa/*.cpp, compiled several times, see
// cmake/isa.cmake). This header is all that both sides share: plain data and function pointers.

namespace keraft::kernels {

/// Per column: sum * scale + bias, or sum + bias where `scale` is null. The low parts are what T rounds away of scale and bias:
/// that error would be the same in every pixel, so that no later layer averages it out. With `scale` all four are given.
template <class T>
struct Affine {
  const T* bias = nullptr;
  const T *scale = nullptr, *scale_low = nullptr, *bias_low = nullptr;

  Affine from(std::int64_t column) const {
    if (scale != nullptr) return {bias + column, scale + column, scale_low + column, bias_low + column};
    return {bias == nullptr ? nullptr : bias + column, nullptr, nullptr, nullptr};
  }
};

/// One output tile of C = A * B. A is given by pointers to runs of `run` contiguous values:
/// rows[tap * tile_rows + r]. B is `taps * run` rows of one panel, `b_step` values apart.
template <class T>
struct TileArgs {
  const T* const* rows;
  std::int64_t taps;
  std::int64_t run;
  const T* b;
  std::int64_t b_step;
  Affine<T> affine;   // `n` values each, or null
  const T* residual;  // added after that, or null
  std::int64_t ld_residual;
  T lo, hi;  // clamp, last of all
  T* out;
  std::int64_t ld_out;
  std::int64_t n;        // columns to write, at most the panel's width
  bool accumulate;       // start from `out`
  bool finish;           // apply the affine map, residual and clamp
  const char* prefetch;  // the next panel's share, fetched while computing
  std::int64_t prefetch_bytes;
};

constexpr int max_tile_rows = 12;

/// Micro kernels of one value type. A panel is `nr` = 2 * `vl` columns wide, the last panel only
/// `vl` when that is enough.
template <class T>
struct TileSet {
  using Fn = void (*)(const TileArgs<T>&);
  int vl;
  int nr;
  int mr;
  Fn wide[max_tile_rows + 1];    // [rows], panels of nr columns
  Fn narrow[max_tile_rows + 1];  // [rows], panels of vl columns
};

/// One row of a depthwise convolution with multiplier 1.
template <class T>
struct DepthwiseRow {
  const T* const* rows;  // k_h input rows, null = padding
  std::int64_t in_w, channels;
  std::int64_t k_h, k_w, stride_w, dilation_w, pad_left, out_w;
  const T* weights;  // [k_h][k_w][channels]
  Affine<T> affine;
  T lo, hi;
  T* out;
};

template <class T>
struct MapParams {
  T a{};
  T b{};
};

template <class T>
struct IsaOps {
  const TileSet<T>* tiles;
  void (*depthwise_row)(const DepthwiseRow<T>&);
  void (*map)(int op, const T* in, T* out, std::int64_t n, MapParams<T> params);
  void (*affine_inner)(const T* in, T* out, std::int64_t rows, std::int64_t channels, const Affine<T>& affine);
  void (*affine_outer)(const T* in, T* out, std::int64_t n, const Affine<T>& affine);
  void (*pool_max)(const T* const* cells, std::int64_t count, std::int64_t channels, T* out);
  void (*pool_sum)(const T* const* cells, std::int64_t count, std::int64_t channels, T divisor, T* out);
  void (*softmax_rows)(const T* in, T* out, std::int64_t rows, std::int64_t columns, bool log);
};

/// The function table of one instruction set.
struct Isa {
  const char* name;       // "base", "avx2", "avx512"
  int (*vector_bytes)();  // packet size the file was really compiled with
  IsaOps<float> f32;
  IsaOps<double> f64;

  template <class T>
  const IsaOps<T>& ops() const noexcept;
};

template <>
inline const IsaOps<float>& Isa::ops<float>() const noexcept {
  return f32;
}
template <>
inline const IsaOps<double>& Isa::ops<double>() const noexcept {
  return f64;
}

/// The tables this processor can run, best last. The first is always "base".
std::span<const Isa* const> available_isas();
const Isa& best_isa();
/// The available table of that name, or null.
const Isa* find_isa(const char* name);

}  // namespace keraft::kernels
