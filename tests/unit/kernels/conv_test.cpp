#include "kernels/conv.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "kernels/norm.h"
#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

namespace {

struct Case {
  Size in_h, in_w, in_c, k_h, k_w, out_c, stride, dilation;
  bool same;
  Size groups;  // 0: depthwise
  Size batch;
};

Size extent(Size in, Size k, Size stride, Size dilation, bool same, Size& pad) {
  const Size reach = (k - 1) * dilation + 1;
  pad = 0;
  if (!same) return in < reach ? 0 : (in - reach) / stride + 1;
  const Size out = (in + stride - 1) / stride;
  pad = std::max<Size>(0, (out - 1) * stride + reach - in) / 2;
  return out;
}

template <class T>
std::vector<double> reference(const ConvArgs<T>& a, bool depthwise, const std::vector<double>& scale = {},
                              const std::vector<double>& bias = {}) {
  const Size groups = depthwise ? a.in_c : a.groups;
  const Size ic = a.in_c / groups, oc = a.out_c / groups;
  std::vector<double> y;
  for (Size n = 0; n < a.batch; ++n)
    for (Size oy = 0; oy < a.out_h; ++oy)
      for (Size ox = 0; ox < a.out_w; ++ox)
        for (Size o = 0; o < a.out_c; ++o) {
          const Size g = o / oc;
          double sum = 0;
          for (Size i = 0; i < a.k_h; ++i)
            for (Size j = 0; j < a.k_w; ++j)
              for (Size c = 0; c < ic; ++c) {
                const Size iy = oy * a.stride_h - a.pad_top + i * a.dilation_h;
                const Size ix = ox * a.stride_w - a.pad_left + j * a.dilation_w;
                if (iy < 0 || ix < 0 || iy >= a.in_h || ix >= a.in_w) continue;
                const Size w = depthwise ? (i * a.k_w + j) * a.out_c + o : ((i * a.k_w + j) * ic + c) * a.out_c + o;
                sum += static_cast<double>(a.input[((n * a.in_h + iy) * a.in_w + ix) * a.in_c + g * ic + c]) *
                       static_cast<double>(a.weights[w]);
              }
          sum = sum * (scale.empty() ? 1 : scale[at(o)]) + (bias.empty() ? 0 : bias[at(o)]);
          if (a.epilogue.residual != nullptr) sum += static_cast<double>(a.epilogue.residual[y.size()]);
          y.push_back(std::min(std::max(sum, static_cast<double>(a.epilogue.lo)), static_cast<double>(a.epilogue.hi)));
        }
  return y;
}

template <class T>
void check_conv(const Kernels& kernels, const Case& c, bool epilogue, bool scaled = false) {
  INFO(c.in_h << "x" << c.in_w << "x" << c.in_c << " kernel " << c.k_h << "x" << c.k_w << " out " << c.out_c << " stride "
              << c.stride << " dilation " << c.dilation << (c.same ? " SAME" : " VALID") << " groups " << c.groups << " batch "
              << c.batch << " epilogue " << epilogue);
  const bool depthwise = c.groups == 0;
  ConvArgs<T> a;
  a.batch = c.batch;
  a.in_h = c.in_h;
  a.in_w = c.in_w;
  a.in_c = c.in_c;
  a.k_h = c.k_h;
  a.k_w = c.k_w;
  a.out_c = c.out_c;
  a.stride_h = a.stride_w = c.stride;
  a.dilation_h = a.dilation_w = c.dilation;
  a.groups = depthwise ? 1 : c.groups;
  a.out_h = extent(c.in_h, c.k_h, c.stride, c.dilation, c.same, a.pad_top);
  a.out_w = extent(c.in_w, c.k_w, c.stride, c.dilation, c.same, a.pad_left);
  const auto x = random_values<T>(a.batch * a.in_h * a.in_w * a.in_c, 1);
  const auto w = random_values<T>(a.k_h * a.k_w * a.in_c * a.out_c, 2);
  std::vector<double> scale, bias;
  if (scaled) scale = random_values<double>(a.out_c, 5);
  if (epilogue) bias = random_values<double>(a.out_c, 3);
  if (epilogue && !scaled) bias.assign(bias.size(), 0.375);
  const AffineOf<T> affine(scale, bias);
  const Size outputs = a.batch * a.out_h * a.out_w * a.out_c;
  const auto residual = random_values<T>(outputs, 4);
  std::vector<T> y(at(outputs), T(99));
  a.input = x.data();
  a.weights = w.data();
  a.out = y.data();
  if (epilogue) {
    static_cast<Affine<T>&>(a.epilogue) = affine.get();
    if (!depthwise) a.epilogue.residual = residual.data();
    a.epilogue.lo = T(-0.25);
    a.epilogue.hi = T(1.5);
  }
  if (depthwise)
    depthwise_conv2d(kernels, a);
  else
    conv2d(kernels, a);
  // The clamp makes the scale small, the sums behind it are not.
  CHECK(close(y, reference(a, depthwise, scale, bias), tight<T> * (epilogue ? 8 : 1)));
}

template <class T>
void check_all_convs(const Kernels& kernels, const std::vector<Case>& cases) {
  for (const Case& c : cases)
    for (const int kind : {0, 1, 2}) check_conv<T>(kernels, c, kind > 0, kind > 1);
}

/// What 27 products and a normalisation make is rounded once.
void check_few(const Kernels& kernels, bool depthwise) {
  ConvArgs<float> a;
  a.in_h = a.in_w = 9;
  a.in_c = depthwise ? 21 : 3;
  a.out_c = 21;
  a.k_h = a.k_w = 3;
  a.out_h = a.out_w = 9;
  a.pad_top = a.pad_left = 1;
  a.batch = 1;
  auto x = random_values<float>(a.in_h * a.in_w * a.in_c, 1);
  const auto w = random_values<float>(a.k_h * a.k_w * a.in_c * (depthwise ? 1 : a.out_c), 2);
  const auto scale = random_values<double>(a.out_c, 3), bias = random_values<double>(a.out_c, 4);
  const AffineOf<float> affine(scale, bias);
  static_cast<Affine<float>&>(a.epilogue) = affine.get();
  std::vector<float> y(at(a.out_h * a.out_w * a.out_c));
  a.input = x.data();
  a.weights = w.data();
  a.out = y.data();
  const auto run = [&] { depthwise ? depthwise_conv2d(kernels, a) : conv2d(kernels, a); };
  run();
  const std::vector<double> wanted = reference(a, depthwise, scale, bias);
  for (size_t i = 0; i < y.size(); ++i) CHECK(std::abs(static_cast<double>(y[i]) - wanted[i]) <= 5.97e-8 * std::abs(wanted[i]));
  x[0] = std::numeric_limits<float>::infinity();
  run();
  CHECK(std::isinf(y[0]));
}

const std::vector<Case> full = {
    {7, 5, 6, 3, 3, 10, 1, 1, true, 1, 1},   {9, 11, 17, 3, 3, 33, 1, 1, true, 1, 3}, {9, 11, 5, 3, 3, 40, 2, 1, true, 1, 3},
    {10, 13, 8, 3, 3, 16, 3, 1, true, 1, 1}, {10, 13, 8, 3, 2, 7, 3, 1, false, 1, 3}, {11, 9, 4, 1, 1, 65, 1, 1, false, 1, 3},
    {11, 9, 20, 1, 1, 24, 2, 1, true, 1, 1}, {13, 14, 3, 7, 7, 32, 2, 1, true, 1, 3}, {13, 14, 3, 3, 3, 8, 1, 1, false, 1, 1},
    {13, 14, 1, 5, 3, 3, 2, 1, false, 1, 3}, {12, 12, 3, 3, 3, 5, 1, 2, true, 1, 1},  {15, 12, 6, 3, 3, 9, 1, 3, true, 1, 3},
    {15, 12, 6, 3, 3, 9, 2, 2, false, 1, 1}, {8, 9, 12, 3, 3, 20, 1, 1, true, 4, 3},  {8, 9, 6, 1, 3, 64, 2, 1, true, 2, 1},
    {1, 1, 30, 1, 1, 50, 1, 1, true, 1, 3},  {1, 16, 6, 1, 5, 8, 1, 2, true, 1, 3},   {2, 2, 3, 5, 5, 4, 1, 1, true, 1, 1},
    {4, 4, 2, 3, 3, 2, 1, 1, true, 1, 0},    {2, 2, 4, 5, 5, 4, 1, 1, false, 1, 1},   {9, 40, 70, 3, 3, 100, 1, 1, true, 1, 1},
};

const std::vector<Case> depthwise = {
    {7, 9, 5, 3, 3, 5, 1, 1, true, 0, 1},      {9, 17, 16, 3, 3, 16, 1, 1, true, 0, 3},
    {9, 17, 19, 3, 3, 19, 2, 1, true, 0, 3},   {10, 21, 35, 3, 3, 35, 3, 1, true, 0, 1},
    {12, 23, 33, 3, 3, 33, 2, 1, false, 0, 1}, {11, 13, 24, 5, 5, 24, 1, 1, true, 0, 1},
    {11, 25, 8, 5, 3, 8, 2, 1, true, 0, 3},    {13, 23, 17, 3, 3, 17, 1, 2, true, 0, 1},
    {13, 12, 4, 3, 3, 12, 1, 1, true, 0, 3},   {8, 9, 7, 3, 3, 14, 2, 1, false, 0, 1},
    {8, 9, 3, 2, 4, 15, 1, 3, true, 0, 3},     {2, 2, 5, 5, 5, 5, 1, 1, true, 0, 1},
    {3, 1, 6, 3, 3, 6, 1, 1, true, 0, 0},      {20, 30, 2, 18, 1, 2, 1, 1, false, 0, 1},
};

}  // namespace

TEST_CASE("conv2d float", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) { check_all_convs<float>(kernels, full); });
}
TEST_CASE("conv2d double", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) { check_all_convs<double>(kernels, full); });
}
TEST_CASE("depthwise_conv2d float", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) { check_all_convs<float>(kernels, depthwise); });
}
TEST_CASE("depthwise_conv2d double", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) { check_all_convs<double>(kernels, depthwise); });
}

TEST_CASE("sums of few products are rounded once", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) {
    check_few(kernels, false);
    check_few(kernels, true);
  });
}

TEST_CASE("packed convolution weights", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) {
    ConvArgs<float> a;
    a.in_c = 6;
    a.out_c = 9;
    a.k_h = a.k_w = 3;
    a.pad_top = a.pad_left = 1;
    const auto w = random_values<float>(9 * 6 * 9, 2);
    a.weights = w.data();
    const auto packed = pack_conv(kernels, a);
    for (const Size size : {4, 7, 4}) {  // one packing, several image sizes, part of a wider output
      a.in_h = a.in_w = a.out_h = a.out_w = size;
      const auto x = random_values<float>(size * size * 6, static_cast<unsigned>(size));
      a.input = x.data();
      std::vector<float> y(at(size * size * 12), 5);
      a.out = y.data();
      a.ld_out = 12;
      conv2d(kernels, a, packed);
      auto expected = reference(a, false);
      for (Size i = size * size; i-- > 0;) expected.insert(expected.begin() + (i + 1) * 9, {5.0, 5.0, 5.0});
      CHECK(close(y, expected, tight<float>));
    }
    a.k_w = 1;
    CHECK_THROWS_AS(conv2d(kernels, a, packed), std::invalid_argument);
    a.groups = 4;
    CHECK_THROWS_AS(pack_conv(kernels, a), std::invalid_argument);
  });
}

TEST_CASE("an infinity beside the padding stays where it is", "[kernels][conv]") {
  each_kernels([](const Kernels& kernels) {
    std::vector<float> x(8 * 8 * 16, 1.0F), w(9 * 16, 1.0F), y(8 * 8 * 16);
    x[at((2 * 8 + 2) * 16)] = std::numeric_limits<float>::infinity();
    ConvArgs<float> a;
    a.in_h = a.in_w = a.out_h = a.out_w = 8;
    a.in_c = a.out_c = 16;
    a.k_h = a.k_w = 3;
    a.pad_top = a.pad_left = 1;
    a.input = x.data();
    a.weights = w.data();
    a.out = y.data();
    depthwise_conv2d(kernels, a);
    CHECK(close(y, reference(a, true), 1e-6));
  });
}
