#include <cstring>

#include "kernels/conv.h"
#include "kernels/gemm.h"
#include "kernels/map.h"
#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

TEST_CASE("every instruction set is what it says", "[kernels][isa]") {
  REQUIRE(!available_isas().empty());
  CHECK(std::string(available_isas().front()->name) == "base");
  CHECK(&best_isa() == available_isas().back());
  CHECK(find_isa("none") == nullptr);
  for (const Isa* isa : available_isas()) {
    CHECK(find_isa(isa->name) == isa);
    const int expected = std::strcmp(isa->name, "avx512") == 0 ? 64 : std::strcmp(isa->name, "avx2") == 0 ? 32 : 16;
    CHECK(isa->vector_bytes() == expected);
    CHECK(isa->f32.tiles->vl * 4 == expected);
    CHECK(isa->f64.tiles->vl * 8 == expected);
  }
}

TEST_CASE("instruction sets share no code", "[kernels][isa]") {
  const auto isas = available_isas();
  for (std::size_t i = 0; i < isas.size(); ++i)
    for (std::size_t j = i + 1; j < isas.size(); ++j) {
      CHECK(isas[i]->f32.map != isas[j]->f32.map);
      CHECK(isas[i]->f32.depthwise_row != isas[j]->f32.depthwise_row);
      CHECK(isas[i]->f64.softmax_rows != isas[j]->f64.softmax_rows);
      CHECK(isas[i]->f32.tiles->wide[2] != isas[j]->f32.tiles->wide[2]);
    }
}

namespace {
// A table whose entries count their calls and pass them on.
const Isa* real = nullptr;
int map_calls = 0, tile_calls = 0, row_calls = 0;

void count_map(int op, const float* x, float* y, std::int64_t n, MapParams<float> params) {
  ++map_calls;
  real->f32.map(op, x, y, n, params);
}
void count_row(const DepthwiseRow<float>& row) {
  ++row_calls;
  real->f32.depthwise_row(row);
}
template <int height, bool wide>
void count_tile(const TileArgs<float>& args) {
  ++tile_calls;
  (wide ? real->f32.tiles->wide : real->f32.tiles->narrow)[height](args);
}
template <int height>
void wrap(TileSet<float>& set) {
  set.wide[height] = count_tile<height, true>;
  set.narrow[height] = count_tile<height, false>;
  if constexpr (height > 1) wrap<height - 1>(set);
}
}  // namespace

TEST_CASE("the forced instruction set is the one that runs", "[kernels][isa]") {
  for (const Isa* isa : available_isas()) {
    INFO(isa->name);
    real = isa;
    map_calls = tile_calls = row_calls = 0;
    TileSet<float> set = *isa->f32.tiles;
    wrap<max_tile_rows>(set);
    Isa spy = *isa;
    spy.f32.tiles = &set;
    spy.f32.map = count_map;
    spy.f32.depthwise_row = count_row;
    const Kernels kernels(1, spy);
    CHECK(std::string(kernels.isa().name) == isa->name);

    const auto x = random_values<float>(5 * 5 * 3, 1);
    const auto w = random_values<float>(3 * 3 * 3 * 7, 2);
    std::vector<float> y(5 * 5 * 7);
    ConvArgs<float> conv;
    conv.in_h = conv.in_w = conv.out_h = conv.out_w = 5;
    conv.in_c = 3;
    conv.out_c = 7;
    conv.k_h = conv.k_w = 3;
    conv.pad_top = conv.pad_left = 1;
    conv.input = x.data();
    conv.weights = w.data();
    conv.out = y.data();
    conv2d(kernels, conv);
    const int after_conv = tile_calls;
    CHECK(after_conv > 0);
    conv.out_c = 3;
    depthwise_conv2d(kernels, conv);
    CHECK(row_calls == 5);

    GemmArgs<float> gemm_args;
    gemm_args.m = gemm_args.n = gemm_args.k = 5;
    gemm_args.a = x.data();
    gemm_args.b = w.data();
    gemm_args.c = y.data();
    gemm_args.lda = gemm_args.ldb = gemm_args.ldc = 5;
    gemm(kernels, gemm_args);
    CHECK(tile_calls > after_conv);
    map(kernels, UnaryOp::tanh, x.data(), y.data(), 10);
    CHECK(map_calls == 1);
  }
}
