#include <stdexcept>

#include "kernels/norm.h"
#include "kernels/pool.h"
#include "kernels/softmax.h"
#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

namespace {

template <class T>
void check_pool(const Kernels& kernels, Size h, Size w, Size c, Size k, Size stride, Size dilation, Size pad, Size batch) {
  INFO(h << "x" << w << "x" << c << " window " << k << " stride " << stride << " pad " << pad);
  PoolArgs<T> a;
  a.batch = batch;
  a.in_h = h;
  a.in_w = w;
  a.channels = c;
  a.k_h = a.k_w = k;
  a.stride_h = a.stride_w = stride;
  a.dilation_h = a.dilation_w = dilation;
  a.pad_top = a.pad_left = pad;
  a.out_h = (h + 2 * pad - (k - 1) * dilation - 1) / stride + 1;
  a.out_w = (w + 2 * pad - (k - 1) * dilation - 1) / stride + 1;
  const auto x = random_values<T>(batch * h * w * c, 1);
  a.input = x.data();
  std::vector<T> max(at(batch * a.out_h * a.out_w * c)), avg(max.size());
  a.out = max.data();
  max_pool(kernels, a);
  a.out = avg.data();
  avg_pool(kernels, a);
  std::vector<double> most, mean;
  for (Size n = 0; n < batch; ++n)
    for (Size oy = 0; oy < a.out_h; ++oy)
      for (Size ox = 0; ox < a.out_w; ++ox)
        for (Size ch = 0; ch < c; ++ch) {
          double best = -10, sum = 0, count = 0;
          for (Size i = 0; i < k; ++i)
            for (Size j = 0; j < k; ++j) {
              const Size iy = oy * stride - pad + i * dilation, ix = ox * stride - pad + j * dilation;
              if (iy < 0 || ix < 0 || iy >= h || ix >= w) continue;
              const auto v = static_cast<double>(x[at(((n * h + iy) * w + ix) * c + ch)]);
              best = std::max(best, v);
              sum += v;
              ++count;
            }
          most.push_back(best);
          mean.push_back(sum / count);
        }
  CHECK(close(max, most, 0));
  CHECK(close(avg, mean, tight<T>));
}

template <class T>
void check_pools(const Kernels& kernels) {
  check_pool<T>(kernels, 7, 9, 5, 3, 2, 1, 1, 3);
  check_pool<T>(kernels, 8, 8, 16, 2, 2, 1, 0, 1);
  check_pool<T>(kernels, 11, 7, 37, 3, 1, 1, 1, 1);
  check_pool<T>(kernels, 11, 17, 3, 3, 3, 2, 2, 3);
  check_pool<T>(kernels, 7, 7, 70, 7, 1, 1, 0, 3);
  check_pool<T>(kernels, 3, 3, 4, 2, 1, 1, 0, 0);
}

template <class T>
void check_norm(const Kernels& kernels) {
  for (const Size c : {1, 3, 16, 35})
    for (const Size plane : {1, 7, 40}) {
      const Size batch = 3, n = batch * c * plane;
      const auto x = random_values<T>(n, 1);
      const auto scale = random_values<double>(c, 2), shift = random_values<double>(c, 3);
      const AffineOf<T> map(scale, shift);
      std::vector<T> y(at(n)), z(at(n));
      affine_inner(kernels, x.data(), y.data(), batch * plane, c, map.get());
      affine_outer(kernels, x.data(), z.data(), batch, c, plane, map.get());
      std::vector<double> inner, outer;
      for (Size i = 0; i < n; ++i) {
        const auto v = static_cast<double>(x[at(i)]);
        const auto ci = at(i % c), co = at(i / plane % c);
        inner.push_back(v * scale[ci] + shift[ci]);
        outer.push_back(v * scale[co] + shift[co]);
      }
      CHECK(close(y, inner, tight<T>));
      CHECK(close(z, outer, tight<T>));

      for (const bool nhwc : {false, true}) {
        const auto channel = [&](Size i) { return at(nhwc ? i % c : i / plane % c); };
        std::vector<double> mean(at(c)), variance(at(c));
        const auto count = static_cast<double>(batch * plane);
        for (Size i = 0; i < n; ++i) mean[channel(i)] += static_cast<double>(x[at(i)]) / count;
        for (Size i = 0; i < n; ++i)
          variance[channel(i)] += std::pow(static_cast<double>(x[at(i)]) - mean[channel(i)], 2) / count;
        std::vector<T> m(at(c)), v(at(c));
        channel_moments(kernels, x.data(), nhwc ? batch * plane : batch, c, nhwc ? 1 : plane, m.data(), v.data());
        CHECK(close(m, mean, tight<T>));
        CHECK(close(v, variance, tight<T>));
      }
    }
  affine_inner<T>(kernels, nullptr, nullptr, 0, 4, {});
  affine_inner<T>(kernels, nullptr, nullptr, 4, 0, {});
  affine_outer<T>(kernels, nullptr, nullptr, 2, 3, 0, {});
}

template <class T>
void check_softmax(const Kernels& kernels) {
  for (const Size columns : {1, 2, 10, 16, 33, 1001}) {
    const Size rows = 5;
    auto x = random_values<T>(rows * columns, 1, -20, 20);
    if (columns > 2) x[1] = -std::numeric_limits<T>::infinity();
    x[0] = T(1000);
    std::vector<T> y(x.size()), z(x);
    softmax(kernels, x.data(), y.data(), rows, columns);
    log_softmax(kernels, z.data(), z.data(), rows, columns);
    std::vector<double> p, l;
    for (Size r = 0; r < rows; ++r) {
      double top = -1e300, sum = 0;
      for (Size i = 0; i < columns; ++i) top = std::max(top, static_cast<double>(x[at(r * columns + i)]));
      for (Size i = 0; i < columns; ++i) sum += std::exp(static_cast<double>(x[at(r * columns + i)]) - top);
      for (Size i = 0; i < columns; ++i) {
        const double v = static_cast<double>(x[at(r * columns + i)]) - top;
        p.push_back(std::exp(v) / sum);
        l.push_back(v - std::log(sum));
      }
    }
    CHECK(close(y, p, tight<T>));
    CHECK(close(z, l, tight<T>));
  }
  softmax<T>(kernels, nullptr, nullptr, 0, 5);
  softmax<T>(kernels, nullptr, nullptr, 5, 0);
  const T inf = std::numeric_limits<T>::infinity();
  std::vector<T> bad{-inf, -inf, 0, inf, std::numeric_limits<T>::quiet_NaN(), 1};
  softmax(kernels, bad.data(), bad.data(), 3, 2);
  CHECK(std::isnan(bad[0]));
  CHECK(std::isnan(bad[3]));
  CHECK(std::isnan(bad[5]));
}

}  // namespace

TEST_CASE("pooling", "[kernels][pool]") {
  each_kernels([](const Kernels& kernels) {
    check_pools<float>(kernels);
    check_pools<double>(kernels);
    PoolArgs<float> a;
    a.in_h = a.in_w = a.out_h = a.channels = 1;
    a.out_w = 2;
    std::vector<float> x(1), y(2);
    a.input = x.data();
    a.out = y.data();
    CHECK_THROWS_AS(max_pool(kernels, a), std::invalid_argument);
    x = {1, std::numeric_limits<float>::quiet_NaN()};
    a.in_w = a.k_w = 2;
    a.out_w = 1;
    a.input = x.data();
    max_pool(kernels, a);
    CHECK(std::isnan(y[0]));
  });
}
TEST_CASE("affine and moments", "[kernels][norm]") {
  each_kernels([](const Kernels& kernels) {
    check_norm<float>(kernels);
    check_norm<double>(kernels);
  });
}
TEST_CASE("softmax", "[kernels][softmax]") {
  each_kernels([](const Kernels& kernels) {
    check_softmax<float>(kernels);
    check_softmax<double>(kernels);
  });
}
