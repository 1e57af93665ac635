#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/storage.h"
#include "keraft/error.hpp"
#include "keraft/tensor.hpp"

using namespace keraft;

namespace {

Tensor counting(std::vector<int64_t> dims) {
  std::vector<float> values(static_cast<size_t>(element_count(dims)));
  std::iota(values.begin(), values.end(), 0.0f);
  return make_tensor<float>(DType::f32, std::move(dims), std::span<const float>(values));
}

/// The same bytes, not in memory as one piece, so that readers cannot take a shortcut.
std::vector<float> read_in_pieces(const Tensor& tensor, size_t piece) {
  std::vector<std::byte> out(static_cast<size_t>(tensor.bytes()));
  for (size_t at = 0; at < out.size(); at += piece) {
    tensor.storage->read(at, std::span(out).subspan(at, std::min(piece, out.size() - at)));
  }
  std::vector<float> values(out.size() / 4);
  std::memcpy(values.data(), out.data(), out.size());
  return values;
}

}  // namespace

TEST_CASE("a transposed tensor reads the same in pieces of any size") {
  const std::vector<int64_t> dims{3, 1, 5, 4};
  const std::vector<size_t> perm{2, 0, 3, 1};
  const Tensor tensor = counting(dims), turned = transposed(tensor, perm);
  REQUIRE(turned.dims == std::vector<int64_t>{5, 3, 4, 1});
  std::vector<float> expected;
  for (int c = 0; c < 5; ++c) {
    for (int a = 0; a < 3; ++a) {
      for (int d = 0; d < 4; ++d) expected.push_back(static_cast<float>(a * 20 + c * 4 + d));
    }
  }
  for (const size_t piece : {4u, 8u, 12u, 28u, 100u, 240u}) CHECK(read_in_pieces(turned, piece) == expected);
  // Pieces that cut elements.
  for (const size_t piece : {1u, 3u, 7u}) CHECK(read_in_pieces(turned, piece) == expected);
  CHECK(same_contents(transposed(turned, {1, 3, 0, 2}), tensor));
}

TEST_CASE("a large matrix transposes through the small window") {
  const Tensor tensor = counting({300, 700}), turned = transposed(tensor, {1, 0});
  const auto values = read_in_pieces(turned, 4096);
  REQUIRE(values.size() == 210000);
  bool right = true;
  for (size_t i = 0; i < 700; ++i) {
    for (size_t j = 0; j < 300; ++j) right = right && values[i * 300 + j] == static_cast<float>(j * 700 + i);
  }
  CHECK(right);
}

TEST_CASE("a splat takes one element and reads as all") {
  const float value = 2.5f;
  std::vector<std::byte> element(4);
  std::memcpy(element.data(), &value, 4);
  const Tensor tensor = make_splat(DType::f32, {1 << 20, 1 << 20}, element);
  std::vector<std::byte> some(10);
  tensor.storage->read((uint64_t{1} << 41) + 2, some);
  CHECK(some[0] == element[2]);
  CHECK(some[2] == element[0]);
  CHECK(make_splat(DType::f32, {3}, element).as<float>() == std::vector<float>{2.5f, 2.5f, 2.5f});
}

TEST_CASE("parts make up a tensor; gaps and overlaps are refused") {
  const auto part = [](std::vector<int64_t> start, std::vector<int64_t> dims, std::vector<float> values) {
    return base::Part{
        std::move(start), std::move(dims),
        make_tensor<float>(DType::f32, {static_cast<int64_t>(values.size())}, std::span<const float>(values)).storage};
  };
  const auto whole = base::assembled({2, 3}, {part({0, 2}, {2, 1}, {10, 11}), part({0, 0}, {2, 2}, {0, 1, 2, 3})}, 4);
  const Tensor tensor{DType::f32, {2, 3}, whole, nullptr};
  CHECK(tensor.as<float>() == std::vector<float>{0, 1, 10, 2, 3, 11});
  CHECK(read_in_pieces(tensor, 3) == tensor.as<float>());
  CHECK_THROWS_AS(base::assembled({2, 3}, {part({0, 0}, {2, 2}, {0, 1, 2, 3})}, 4), Error);
  CHECK_THROWS_AS(base::assembled({2, 2}, {part({0, 0}, {1, 2}, {0, 1}), part({0, 0}, {1, 2}, {0, 1})}, 4), Error);
  CHECK_THROWS_AS(base::assembled({1, 2}, {part({0, 1}, {1, 2}, {0, 1})}, 4), Error);
}

TEST_CASE("a rectangle of a tensor") {
  const Tensor tensor = counting({4, 5});
  const Tensor inner{DType::f32, {2, 3}, base::rectangle(tensor.storage, {4, 5}, {1, 2}, {2, 3}, 4), nullptr};
  CHECK(inner.as<float>() == std::vector<float>{7, 8, 9, 12, 13, 14});
  CHECK(read_in_pieces(inner, 5) == inner.as<float>());
}

TEST_CASE("small floats become doubles") {
  const auto one = [](DType dtype, std::vector<uint16_t> bits) {
    return to_doubles(make_tensor<uint16_t>(dtype, {static_cast<int64_t>(bits.size())}, std::span<const uint16_t>(bits)));
  };
  CHECK(one(DType::f16, {0x3C00, 0xC000, 0x0001, 0x7BFF, 0x8000}) == std::vector<double>{1, -2, std::ldexp(1, -24), 65504, 0});
  CHECK(std::isinf(one(DType::f16, {0x7C00})[0]));
  CHECK(std::isnan(one(DType::f16, {0x7E00})[0]));
  CHECK(one(DType::bf16, {0x3F80, 0xC040}) == std::vector<double>{1, -3});
  const std::vector<uint8_t> f8{0x38, 0x7E, 0x01};
  CHECK(to_doubles(make_tensor<uint8_t>(DType::f8e4m3fn, {3}, std::span<const uint8_t>(f8))) ==
        std::vector<double>{1, 448, std::ldexp(1, -9)});
}

TEST_CASE("numbers are refused where there are none") {
  CHECK_THROWS_AS(to_doubles(make_strings({1}, {"a"})), Error);
  const std::vector<float> value{1};
  CHECK_THROWS_AS(to_ints(make_tensor<float>(DType::f32, {1}, std::span<const float>(value))), Error);
}
