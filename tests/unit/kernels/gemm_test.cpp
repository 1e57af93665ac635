#include "kernels/gemm.h"

#include <stdexcept>

#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

namespace {

struct GemmShape {
  Size m, n, k;
};

template <class T>
void check(const Kernels& kernels, const GemmShape& s, bool ta, bool tb, bool bias, bool residual, bool clamp, bool packed) {
  INFO(s.m << "x" << s.k << "x" << s.n << " ta " << ta << " tb " << tb << " bias " << bias << " residual " << residual
           << " clamp " << clamp << " packed " << packed);
  const Size lda = (ta ? s.m : s.k) + 3, ldb = (tb ? s.k : s.n) + 1, ldc = s.n + 2;
  const auto a = random_values<T>((ta ? s.k : s.m) * lda, 1), b = random_values<T>((tb ? s.n : s.k) * ldb, 2);
  const auto v = random_values<T>(s.n, 3), r = random_values<T>(s.m * ldc, 4);
  std::vector<T> c(at(s.m * ldc), T(7));
  GemmArgs<T> args;
  args.m = s.m;
  args.n = s.n;
  args.k = s.k;
  args.a = a.data();
  args.lda = lda;
  args.transpose_a = ta;
  args.b = b.data();
  args.ldb = ldb;
  args.transpose_b = tb;
  args.c = c.data();
  args.ldc = ldc;
  if (bias) args.epilogue.bias = v.data();
  if (residual) args.epilogue.residual = r.data();
  args.epilogue.ld_residual = ldc;
  if (clamp) {
    args.epilogue.lo = T(-0.5);
    args.epilogue.hi = T(0.5);
  }
  if (packed)
    gemm(kernels, args, pack_b(kernels, s.k, s.n, b.data(), ldb, tb));
  else
    gemm(kernels, args);

  std::vector<double> expected(c.size(), 7);
  for (Size m = 0; m < s.m; ++m)
    for (Size n = 0; n < s.n; ++n) {
      double sum = bias ? static_cast<double>(v[at(n)]) : 0;
      for (Size k = 0; k < s.k; ++k)
        sum += static_cast<double>(a[at(ta ? k * lda + m : m * lda + k)]) *
               static_cast<double>(b[at(tb ? n * ldb + k : k * ldb + n)]);
      if (residual) sum += static_cast<double>(r[at(m * ldc + n)]);
      expected[at(m * ldc + n)] = clamp ? std::min(std::max(sum, -0.5), 0.5) : sum;
    }
  CHECK(close(c, expected, tight<T> * (s.k > 1000 ? 4 : 1)));
}

template <class T>
void check_all(const Kernels& kernels) {
  const std::vector<GemmShape> shapes = {{1, 1, 1},    {1, 100, 37}, {2, 33, 5}, {13, 17, 9},   {12, 32, 4}, {25, 31, 16},
                                         {49, 65, 70}, {3, 5, 0},    {1, 9, 0},  {100, 16, 27}, {7, 48, 3},  {60, 40, 2500}};
  for (const GemmShape& shape : shapes)
    for (const bool packed : {false, true}) {
      check<T>(kernels, shape, false, false, false, false, false, packed);
      check<T>(kernels, shape, true, false, true, false, true, packed);
      check<T>(kernels, shape, false, true, true, true, false, packed);
      check<T>(kernels, shape, true, true, false, true, true, packed);
    }
}

/// C = A * B, all of them dense.
GemmArgs<float> product(Size m, Size n, Size k, const std::vector<float>& a, const std::vector<float>& b,
                        std::vector<float>& c) {
  GemmArgs<float> args;
  args.m = m;
  args.n = n;
  args.k = k;
  args.a = a.data();
  args.lda = k;
  args.b = b.data();
  args.ldb = args.ldc = n;
  args.c = c.data();
  return args;
}

}  // namespace

TEST_CASE("gemm float", "[kernels][gemm]") { each_kernels(check_all<float>); }
TEST_CASE("gemm double", "[kernels][gemm]") { each_kernels(check_all<double>); }

TEST_CASE("gemm in batches, the residual being C", "[kernels][gemm]") {
  each_kernels([](const Kernels& kernels) {
    const Size batch = 5, m = 7, n = 11, k = 6;
    const auto a = random_values<float>(batch * m * k, 1), b = random_values<float>(k * n, 2);
    auto c = random_values<float>(batch * m * n, 3);
    std::vector<double> expected(c.begin(), c.end());
    for (Size i = 0; i < batch * m; ++i)
      for (Size j = 0; j < n; ++j)
        for (Size q = 0; q < k; ++q)
          expected[at(i * n + j)] += static_cast<double>(a[at(i * k + q)]) * static_cast<double>(b[at(q * n + j)]);
    GemmArgs<float> args = product(m, n, k, a, b, c);
    args.batch = batch;
    args.stride_a = m * k;
    args.stride_c = args.stride_residual = m * n;
    args.epilogue.residual = c.data();
    args.epilogue.ld_residual = n;
    gemm(kernels, args);
    CHECK(close(c, expected, tight<float>));
  });
}

TEST_CASE("gemm: threads do not change a bit, NaN passes, emptiness is nothing", "[kernels][gemm]") {
  for (const Isa* isa : available_isas()) {
    const Size m = 97, n = 130, k = 2100;
    auto a = random_values<float>(m * k, 1);
    const auto b = random_values<float>(k * n, 2);
    a[at(5 * k)] = std::numeric_limits<float>::quiet_NaN();
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 2, 5}) {
      std::vector<float> c(at(m * n));
      GemmArgs<float> args = product(m, n, k, a, b, c);
      args.epilogue.lo = 0;
      args.epilogue.hi = 6;
      gemm(Kernels(threads, *isa), args);
      CHECK(std::isnan(c[at(5 * n + 3)]));
      for (Size i = 0; i < n; ++i) c[at(5 * n + i)] = 0;
      results.push_back(c);
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == results[2]);
    gemm(Kernels(1, *isa), GemmArgs<float>{});
  }
}

TEST_CASE("gemm: a foreign packed B is refused", "[kernels][gemm]") {
  const Kernels kernels(1, *available_isas().front());
  const std::vector<float> b(12);
  const auto packed = pack_b(kernels, 3, 4, b.data(), 4);
  GemmArgs<float> args;
  args.m = 1;
  args.n = 3;
  args.k = 4;
  CHECK_THROWS_AS(gemm(kernels, args, packed), std::invalid_argument);
}
