#include "kernels/map.h"

#include <algorithm>

#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

namespace {

struct Op {
  UnaryOp op;
  const char* name;
  long double (*exact)(long double);
  double lo, hi;
  double ulp_float, ulp_double;
};

constexpr long double selu_scale = 1.0507009873554804934193349852946L, selu_alpha = 1.6732632423543772848170429916717L;

const std::vector<Op> ops = {
    {UnaryOp::copy, "copy", [](long double x) { return x; }, -9, 9, 0, 0},
    {UnaryOp::neg, "neg", [](long double x) { return -x; }, -9, 9, 0, 0},
    {UnaryOp::abs, "abs", [](long double x) { return std::abs(x); }, -9, 9, 0, 0},
    {UnaryOp::sign, "sign", [](long double x) { return static_cast<long double>((x > 0) - (x < 0)); }, -9, 9, 0, 0},
    {UnaryOp::square, "square", [](long double x) { return x * x; }, -9, 9, 0.501, 0.501},
    {UnaryOp::reciprocal, "reciprocal", [](long double x) { return 1 / x; }, -9, 9, 0.501, 0.501},
    {UnaryOp::sqrt, "sqrt", [](long double x) { return std::sqrt(x); }, 0, 1e10, 0.501, 0.501},
    {UnaryOp::rsqrt, "rsqrt", [](long double x) { return 1 / std::sqrt(x); }, 1e-10, 1e10, 1.5, 1.5},
    {UnaryOp::floor, "floor", [](long double x) { return std::floor(x); }, -1e10, 1e10, 0, 0},
    {UnaryOp::floor, "floor", [](long double x) { return std::floor(x); }, -9, 9, 0, 0},
    {UnaryOp::ceil, "ceil", [](long double x) { return std::ceil(x); }, -9, 9, 0, 0},
    {UnaryOp::round, "round", [](long double x) { return std::nearbyint(x); }, -9, 9, 0, 0},
    {UnaryOp::relu, "relu", [](long double x) { return x > 0 ? x : 0; }, -9, 9, 0, 0},
    {UnaryOp::relu6, "relu6", [](long double x) { return x > 6   ? 6
                                                         : x > 0 ? x
                                                                 : 0; }, -9, 9, 0, 0},
    {UnaryOp::clamp, "clamp", [](long double x) { return x > 0.75L   ? 0.75L
                                                         : x > 0.25L ? x
                                                                     : 0.25L; }, -9, 9, 0, 0},
    {UnaryOp::leaky_relu, "leaky_relu", [](long double x) { return x > 0 ? x : 0.25L * x; }, -9, 9, 0.501, 0.501},
    {UnaryOp::elu, "elu", [](long double x) { return x > 0 ? x : 0.25L * std::expm1(x); }, -50, 9, 5, 5},
    {UnaryOp::selu, "selu", [](long double x) { return selu_scale * (x > 0 ? x : selu_alpha * std::expm1(x)); }, -50, 9, 5, 5},
    {UnaryOp::softplus, "softplus", [](long double x) { return (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x))); }, -80, 50,
     4, 4},
    {UnaryOp::softsign, "softsign", [](long double x) { return x / (1 + std::abs(x)); }, -50, 50, 2, 2},
    {UnaryOp::sigmoid, "sigmoid", [](long double x) { return 1 / (1 + std::exp(-x)); }, -85, 50, 4, 4},
    {UnaryOp::tanh, "tanh", [](long double x) { return std::tanh(x); }, -12, 12, 4, 4},
    {UnaryOp::tanh, "tanh small", [](long double x) { return std::tanh(x); }, -0.7, 0.7, 4, 4},
    {UnaryOp::tanh, "tanh tiny", [](long double x) { return std::tanh(x); }, -1e-5, 1e-5, 4, 4},
    {UnaryOp::exp, "exp", [](long double x) { return std::exp(x); }, -87, 88.7, 2, 2},
    {UnaryOp::exp, "exp small", [](long double x) { return std::exp(x); }, -1, 1, 2, 2},
    {UnaryOp::expm1, "expm1", [](long double x) { return std::expm1(x); }, -90, 88, 4, 4},
    {UnaryOp::expm1, "expm1 small", [](long double x) { return std::expm1(x); }, -1, 1, 4, 4},
    {UnaryOp::expm1, "expm1 tiny", [](long double x) { return std::expm1(x); }, -1e-4, 1e-4, 4, 4},
    {UnaryOp::log, "log", [](long double x) { return std::log(x); }, 1e-30, 100, 2, 2},
    {UnaryOp::log, "log near 1", [](long double x) { return std::log(x); }, 0.5, 2, 2, 2},
    {UnaryOp::log1p, "log1p", [](long double x) { return std::log1p(x); }, -0.999, 100, 4, 4},
    {UnaryOp::log1p, "log1p tiny", [](long double x) { return std::log1p(x); }, -1e-4, 1e-4, 4, 4},
    {UnaryOp::sin, "sin", [](long double x) { return std::sin(x); }, -100, 100, 2, 1},
    {UnaryOp::cos, "cos", [](long double x) { return std::cos(x); }, -100, 100, 2, 1},
    {UnaryOp::erf, "erf", [](long double x) { return std::erf(x); }, -5, 5, 4, 1.5},
    {UnaryOp::erf, "erf small", [](long double x) { return std::erf(x); }, -1, 1, 4, 1.5},
    {UnaryOp::erfc, "erfc", [](long double x) { return std::erfc(x); }, -3, 9, 1, 5},
};

template <class T>
double ulps(T value, long double exact) {
  const T nearest = static_cast<T>(exact);
  if (value == nearest) return 0.5;
  const T away = std::nextafter(std::abs(nearest), std::numeric_limits<T>::infinity());
  const auto unit = static_cast<long double>(away) - std::abs(static_cast<long double>(nearest));
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / unit);
}

template <class T>
void check_ops(const Kernels& kernels) {
  for (const Op& op : ops) {
    const auto x = random_values<T>(20003, 5, op.lo, op.hi);
    std::vector<T> y(x.size());
    map(kernels, op.op, x.data(), y.data(), static_cast<Size>(x.size()), {T(0.25), T(0.75)});
    double most = 0;
    std::size_t where = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double u = ulps(y[i], op.exact(static_cast<long double>(x[i])));
      if (!(u <= most)) most = u, where = i;
    }
    INFO(op.name << ": " << most << " ulp at " << x[where] << " gives " << y[where]);
    const double allowed = std::is_same_v<T, float> ? op.ulp_float : op.ulp_double;
    CHECK(most <= std::max(allowed, 0.5));
  }
}

template <class T>
bool same(T a, T b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

template <class T>
void check_special(const Kernels& kernels) {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  struct Special {
    UnaryOp op;
    T x, y;
  };
  const std::vector<Special> specials = {
      {UnaryOp::exp, -inf, 0},       {UnaryOp::exp, inf, inf},      {UnaryOp::exp, 0, 1},
      {UnaryOp::exp, 1000, inf},     {UnaryOp::exp, -1000, 0},      {UnaryOp::log, 0, -inf},
      {UnaryOp::log, -1, nan},       {UnaryOp::log, inf, inf},      {UnaryOp::log, 1, 0},
      {UnaryOp::log1p, -1, -inf},    {UnaryOp::log1p, inf, inf},    {UnaryOp::log1p, -2, nan},
      {UnaryOp::log1p, 0, 0},        {UnaryOp::expm1, -inf, -1},    {UnaryOp::expm1, inf, inf},
      {UnaryOp::expm1, 0, 0},        {UnaryOp::tanh, inf, 1},       {UnaryOp::tanh, -inf, -1},
      {UnaryOp::tanh, 0, 0},         {UnaryOp::sigmoid, inf, 1},    {UnaryOp::sigmoid, -inf, 0},
      {UnaryOp::sigmoid, 0, T(.5)},  {UnaryOp::softplus, inf, inf}, {UnaryOp::softplus, -inf, 0},
      {UnaryOp::softsign, inf, 1},   {UnaryOp::softsign, -inf, -1}, {UnaryOp::erf, inf, 1},
      {UnaryOp::erf, -inf, -1},      {UnaryOp::erfc, inf, 0},       {UnaryOp::erfc, -inf, 2},
      {UnaryOp::sqrt, -1, nan},      {UnaryOp::sqrt, inf, inf},     {UnaryOp::rsqrt, 0, inf},
      {UnaryOp::reciprocal, 0, inf}, {UnaryOp::elu, -inf, -1},      {UnaryOp::elu, inf, inf},
      {UnaryOp::relu, -inf, 0},      {UnaryOp::relu, inf, inf},     {UnaryOp::relu6, inf, 6},
      {UnaryOp::round, T(0.5), 0},   {UnaryOp::round, T(1.5), 2},   {UnaryOp::round, T(2.5), 2},
      {UnaryOp::round, T(-2.5), -2}, {UnaryOp::floor, T(-0.5), -1}, {UnaryOp::ceil, T(0.5), 1},
      {UnaryOp::sign, 0, 0},         {UnaryOp::sign, -inf, -1},     {UnaryOp::leaky_relu, -inf, -inf},
      {UnaryOp::floor, inf, inf},    {UnaryOp::round, -inf, -inf},  {UnaryOp::ceil, T(1e18), T(1e18)},
  };
  for (const Special& s : specials) {
    T y = 77;
    map(kernels, s.op, &s.x, &y, 1, {T(1), T(1)});
    INFO("op " << static_cast<int>(s.op) << " of " << s.x << " gives " << y);
    CHECK(same(y, s.y));
  }
  for (int op = 0; op < static_cast<int>(UnaryOp::count_); ++op) {
    T y = 0;
    map(kernels, static_cast<UnaryOp>(op), &nan, &y, 1, {T(0.25), T(0.75)});
    INFO("op " << op << " of NaN gives " << y);
    CHECK(std::isnan(y));
    map<T>(kernels, static_cast<UnaryOp>(op), nullptr, nullptr, 0);

    // In place, and the same value at every position.
    std::vector<T> many(37, T(0.3));
    map(kernels, static_cast<UnaryOp>(op), many.data(), many.data(), 37, {T(0.25), T(0.75)});
    CHECK(std::count(many.begin(), many.end(), many[0]) == 37);
  }
}

}  // namespace

TEST_CASE("elementwise functions are as exact as map.h says", "[kernels][map]") {
  each_kernels([](const Kernels& kernels) {
    check_ops<float>(kernels);
    check_ops<double>(kernels);
  });
}
TEST_CASE("elementwise functions at special values", "[kernels][map]") {
  each_kernels([](const Kernels& kernels) {
    check_special<float>(kernels);
    check_special<double>(kernels);
  });
}
