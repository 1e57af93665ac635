#include <algorithm>
#include <functional>
#include <stdexcept>

#include "kernels/binary.h"
#include "kernels/reduce.h"
#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

namespace {

using Shape = std::vector<Size>;

Size count_of(const Shape& shape) {
  Size n = 1;
  for (const Size length : shape) n *= length;
  return n;
}

/// The index of output element `i` in an operand that is broadcast to `shape`.
Size source_index(const Shape& shape, const Shape& operand, Size i) {
  Size index = 0, stride = 1;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const std::size_t axis = shape.size() - 1 - k;
    const Size at_axis = i % shape[axis];
    i /= shape[axis];
    if (k >= operand.size()) continue;
    const Size length = operand[operand.size() - 1 - k];
    index += (length == 1 ? 0 : at_axis) * stride;
    stride *= length;
  }
  return index;
}

template <class T>
void check_reduce(const Kernels& kernels, const Shape& shape, const std::vector<int>& axes) {
  Shape kept, with_ones;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool reduced = std::count(axes.begin(), axes.end(), static_cast<int>(i)) > 0;
    if (!reduced) kept.push_back(shape[i]);
    with_ones.push_back(reduced ? 1 : shape[i]);
  }
  const bool whole = std::is_integral_v<T>;
  const auto x = random_values<T>(count_of(shape), 1, whole ? -9 : -1, whole ? 9 : 1.1);
  const Size outputs = count_of(kept);
  std::vector<std::vector<double>> values(at(outputs));
  for (Size i = 0; i < count_of(shape); ++i)
    values[at(source_index(shape, with_ones, i))].push_back(static_cast<double>(x[at(i)]));
  for (const ReduceOp op : {ReduceOp::sum, ReduceOp::mean, ReduceOp::max, ReduceOp::min, ReduceOp::prod}) {
    if (op == ReduceOp::prod && count_of(shape) > 60 && whole) continue;  // would wrap
    std::vector<double> expected;
    for (const auto& list : values) {
      double sum = 0, prod = 1;
      for (const double v : list) sum += v, prod *= v;
      if (op == ReduceOp::sum) expected.push_back(sum);
      if (op == ReduceOp::mean)
        expected.push_back(whole ? std::trunc(sum / static_cast<double>(list.size())) : sum / static_cast<double>(list.size()));
      if (op == ReduceOp::max) expected.push_back(*std::max_element(list.begin(), list.end()));
      if (op == ReduceOp::min) expected.push_back(*std::min_element(list.begin(), list.end()));
      if (op == ReduceOp::prod) expected.push_back(prod);
    }
    if (op == ReduceOp::prod && whole &&
        std::any_of(expected.begin(), expected.end(), [](double v) { return std::abs(v) > 2e9; }))
      continue;
    std::vector<T> y(at(outputs));
    reduce<T>(kernels, op, x.data(), shape, axes, y.data());
    INFO("op " << static_cast<int>(op) << " rank " << shape.size() << " axes " << axes.size());
    CHECK(close(y, expected, whole ? 0 : tight<T>));
  }
}

template <class T>
void check_reduces(const Kernels& kernels) {
  check_reduce<T>(kernels, {5}, {0});
  check_reduce<T>(kernels, {1000}, {0});
  check_reduce<T>(kernels, {3, 700}, {0});
  check_reduce<T>(kernels, {3, 701}, {1});
  check_reduce<T>(kernels, {2, 7, 9, 13}, {1, 2});
  check_reduce<T>(kernels, {2, 7, 9, 13}, {3, 0});
  check_reduce<T>(kernels, {2, 7, 9, 13}, {0, 2});
  check_reduce<T>(kernels, {2, 7, 9, 13}, {1, 3});
  check_reduce<T>(kernels, {2, 1, 9, 1}, {1, 3});
  check_reduce<T>(kernels, {2, 3, 4, 2}, {0, 1, 2, 3});
  check_reduce<T>(kernels, {2, 3, 4}, {});
  check_reduce<T>(kernels, {}, {});
  check_reduce<T>(kernels, {4, 0, 3}, {0});
  const T nothing = 0;
  const Shape empty{2, 0};
  const std::vector<int> axis{1};
  std::vector<T> y(2);
  reduce<T>(kernels, ReduceOp::sum, &nothing, empty, axis, y.data());
  CHECK(y == std::vector<T>(2, 0));
  reduce<T>(kernels, ReduceOp::prod, &nothing, empty, axis, y.data());
  CHECK(y == std::vector<T>(2, 1));
  const std::vector<int> bad{2};
  CHECK_THROWS_AS(reduce<T>(kernels, ReduceOp::sum, &nothing, empty, bad, y.data()), std::invalid_argument);
}

template <class T, class Fn>
void check_binary(const Kernels& kernels, BinaryOp op, const Shape& sa, const Shape& sb, double lo, double hi, Fn&& fn) {
  const auto a = random_values<T>(count_of(sa), 1, lo, hi);
  auto b = random_values<T>(count_of(sb), 2, lo, hi);
  for (T& v : b)
    if (v == 0) v = 1;
  const Shape shape = broadcast_shape(sa, sb);
  std::vector<T> y(at(count_of(shape))), expected;
  binary<T>(kernels, op, {a.data(), sa}, {b.data(), sb}, y.data());
  for (Size i = 0; i < count_of(shape); ++i)
    expected.push_back(static_cast<T>(fn(a[at(source_index(shape, sa, i))], b[at(source_index(shape, sb, i))])));
  INFO("op " << static_cast<int>(op));
  CHECK(close(y, expected, std::is_floating_point_v<T> ? 1e-7 : 0));
}

const std::vector<std::pair<Shape, Shape>> pairs = {
    {{7}, {7}},
    {{3, 5}, {5}},
    {{5}, {3, 5}},
    {{3, 5}, {}},
    {{}, {3, 5}},
    {{3, 1}, {1, 5}},
    {{2, 3, 4, 5}, {3, 1, 5}},
    {{2, 1, 4, 1}, {3, 1, 5}},
    {{}, {}},
    {{1, 1}, {1}},
    {{0, 3}, {3}},
    {{40000}, {1}},
    {{2, 20000}, {2, 1}},
    {{4, 1, 6}, {4, 3, 6}},
};

}  // namespace

TEST_CASE("reduce", "[kernels][reduce]") {
  each_kernels([](const Kernels& kernels) {
    check_reduces<float>(kernels);
    check_reduces<double>(kernels);
    check_reduces<std::int32_t>(kernels);
    check_reduces<std::int64_t>(kernels);
    const std::vector<float> x{1, std::numeric_limits<float>::quiet_NaN(), 3};
    float y = 0;
    const Shape shape{3};
    const std::vector<int> axis{0};
    reduce<float>(kernels, ReduceOp::max, x.data(), shape, axis, &y);
    CHECK(std::isnan(y));
    reduce<float>(kernels, ReduceOp::max, x.data(), Shape{0}, axis, &y);
    CHECK(y == -std::numeric_limits<float>::infinity());
    reduce<float>(kernels, ReduceOp::mean, x.data(), Shape{0}, axis, &y);
    CHECK(std::isnan(y));
  });
}

TEST_CASE("binary operations broadcast", "[kernels][binary]") {
  const Kernels kernels(3);
  for (const auto& [a, b] : pairs) {
    check_binary<float>(kernels, BinaryOp::add, a, b, -9, 9, [](float x, float y) { return x + y; });
    check_binary<float>(kernels, BinaryOp::sub, a, b, -9, 9, [](float x, float y) { return x - y; });
    check_binary<double>(kernels, BinaryOp::mul, a, b, -9, 9, [](double x, double y) { return x * y; });
    check_binary<double>(kernels, BinaryOp::div, a, b, -9, 9, [](double x, double y) { return x / y; });
    check_binary<float>(kernels, BinaryOp::max, a, b, -9, 9, [](float x, float y) { return std::max(x, y); });
    check_binary<std::int64_t>(kernels, BinaryOp::min, a, b, -9, 9, [](auto x, auto y) { return std::min(x, y); });
    check_binary<float>(kernels, BinaryOp::pow, a, b, 0, 3, [](float x, float y) { return std::pow(x, y); });
    check_binary<std::int32_t>(kernels, BinaryOp::squared_difference, a, b, -9, 9,
                               [](auto x, auto y) { return (x - y) * (x - y); });
    check_binary<std::int32_t>(kernels, BinaryOp::div, a, b, -99, 99, [](auto x, auto y) { return x / y; });
    check_binary<std::int32_t>(kernels, BinaryOp::floor_div, a, b, -99, 99,
                               [](auto x, auto y) { return std::floor(1.0 * x / y); });
    check_binary<std::int8_t>(kernels, BinaryOp::floor_mod, a, b, -99, 99,
                              [](auto x, auto y) { return x - y * std::floor(1.0 * x / y); });
    check_binary<std::int16_t>(kernels, BinaryOp::truncate_mod, a, b, -99, 99, [](auto x, auto y) { return x % y; });
    check_binary<std::uint8_t>(kernels, BinaryOp::add, a, b, 0, 255, [](auto x, auto y) { return (x + y) & 255; });
    check_binary<std::uint64_t>(kernels, BinaryOp::floor_div, a, b, 0, 255, [](auto x, auto y) { return x / y; });
    check_binary<std::uint16_t>(kernels, BinaryOp::mul, a, b, 0, 65535,
                                [](unsigned x, unsigned y) { return (x * y) & 65535U; });
    check_binary<std::int64_t>(kernels, BinaryOp::pow, a, b, 0, 7, [](auto x, auto y) { return std::llround(std::pow(x, y)); });
  }
  CHECK_THROWS_AS(broadcast_shape(Shape{2, 3}, Shape{2}), std::invalid_argument);
}

TEST_CASE("binary operations at special values", "[kernels][binary]") {
  const Kernels kernels(1);
  const auto once = [&](auto op, auto x, auto y) {
    binary<decltype(x)>(kernels, op, {&x, {}}, {&y, {}}, &x);
    return x;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isnan(once(BinaryOp::max, nan, 1.0F)));
  CHECK(std::isnan(once(BinaryOp::min, 1.0F, nan)));
  CHECK(once(BinaryOp::floor_mod, -7.0F, 3.0F) == 2.0F);
  CHECK(once(BinaryOp::floor_mod, 7.0, -3.0) == -2.0);
  CHECK(once(BinaryOp::floor_div, -7.0, 2.0) == -4.0);
  CHECK(once(BinaryOp::truncate_mod, -7.0, 3.0) == -1.0);
  const auto lowest = std::numeric_limits<std::int32_t>::lowest();
  CHECK(once(BinaryOp::div, lowest, std::int32_t{-1}) == lowest);
  CHECK(once(BinaryOp::floor_div, lowest, std::int32_t{-1}) == lowest);
  CHECK(once(BinaryOp::floor_mod, lowest, std::int32_t{-1}) == 0);
  CHECK(once(BinaryOp::add, std::numeric_limits<std::int64_t>::max(), std::int64_t{1}) ==
        std::numeric_limits<std::int64_t>::lowest());
  for (const BinaryOp op : {BinaryOp::div, BinaryOp::floor_div, BinaryOp::floor_mod, BinaryOp::truncate_mod})
    CHECK_THROWS_AS(once(op, 1, 0), std::domain_error);
  CHECK_THROWS_AS(once(BinaryOp::pow, 2, -1), std::domain_error);
}

TEST_CASE("comparisons and logic", "[kernels][binary]") {
  const Kernels kernels(1);
  const std::vector<float> a{1, 2, 3, std::numeric_limits<float>::quiet_NaN()};
  const float two = 2;
  const auto run = [&](CompareOp op) {
    bool out[4];
    compare<float>(kernels, op, {a.data(), Shape{4}}, {&two, {}}, out);
    return std::vector<bool>(out, out + 4);
  };
  CHECK(run(CompareOp::equal) == std::vector<bool>{false, true, false, false});
  CHECK(run(CompareOp::not_equal) == std::vector<bool>{true, false, true, true});
  CHECK(run(CompareOp::less) == std::vector<bool>{true, false, false, false});
  CHECK(run(CompareOp::less_equal) == std::vector<bool>{true, true, false, false});
  CHECK(run(CompareOp::greater) == std::vector<bool>{false, false, true, false});
  CHECK(run(CompareOp::greater_equal) == std::vector<bool>{false, true, true, false});
  const bool x[2] = {false, true};
  const Shape row{2}, column{2, 1};
  const auto logic = [&](LogicalOp op) {
    bool out[4];
    logical(kernels, op, {x, row}, {x, column}, out);
    return std::vector<bool>(out, out + 4);
  };
  CHECK(logic(LogicalOp::logical_and) == std::vector<bool>{false, false, false, true});
  CHECK(logic(LogicalOp::logical_or) == std::vector<bool>{false, true, true, true});
  CHECK(logic(LogicalOp::logical_xor) == std::vector<bool>{false, true, true, false});
  bool out[2];
  logical_not(kernels, x, out, 2);
  CHECK((out[0] && !out[1]));
  compare<bool>(kernels, CompareOp::equal, {x, row}, {x, row}, out);
  CHECK((out[0] && out[1]));
}
