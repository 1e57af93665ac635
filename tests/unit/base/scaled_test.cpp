#include <catch2/catch.hpp>

#include "keraft/error.hpp"
#include "keraft/tensor.hpp"

using namespace keraft;

static Tensor counted(std::vector<int64_t> dims, float first) {
  std::vector<float> values(static_cast<size_t>(element_count(dims)));
  for (float& value : values) value = first++;
  return make_tensor<float>(DType::f32, std::move(dims), values);
}

TEST_CASE("a scaled tensor reads any range of bytes") {
  const Tensor tensor = scaled(counted({2, 3}, 1), -0.5f);
  CHECK(tensor.as<float>() == std::vector<float>{-0.5f, -1, -1.5f, -2, -2.5f, -3});
  const std::vector<std::byte> all = tensor.load();
  std::vector<std::byte> part(7);
  tensor.storage->read(6, part);
  CHECK(std::equal(part.begin(), part.end(), all.begin() + 6));
  CHECK_THROWS_AS(tensor.storage->read(20, part), Error);
  CHECK_THROWS_AS(scaled(make_tensor<int32_t>(DType::i32, {1}, std::vector<int32_t>{1}), 2), Error);
}

TEST_CASE("what is true of a view is done to another tensor") {
  const Tensor base = counted({2, 3}, 0), other = counted({2, 3}, 10);
  const Tensor view = reshaped(transposed(base, {1, 0}), {1, 3, 2});
  const auto found = same_view(view, base, other);
  REQUIRE(found);
  CHECK(found->dims == std::vector<int64_t>{1, 3, 2});
  CHECK(found->as<float>() == std::vector<float>{10, 13, 11, 14, 12, 15});
  CHECK(same_view(base, base, other)->storage == other.storage);
  CHECK_FALSE(same_view(counted({2, 3}, 0), base, other));
  CHECK_FALSE(same_view(view, base, counted({3, 2}, 0)));
}
