#include <catch2/catch.hpp>
#include <filesystem>

#include "checkpoint_bytes.h"
#include "formats/checkpoint/checkpoint.h"
#include "formats/checkpoint/write.h"
#include "keraft/error.hpp"
#include "status_of.h"

using namespace keraft;

namespace {

Tensor numbers(std::vector<int64_t> dims, float first) {
  std::vector<float> values(static_cast<size_t>(element_count(dims)));
  for (size_t i = 0; i < values.size(); ++i) values[i] = first + static_cast<float>(i);
  return make_tensor<float>(DType::f32, std::move(dims), std::span<const float>(values));
}

}  // namespace

TEST_CASE("a written checkpoint reads back, bit by bit") {
  const bytes::Folder folder;
  const std::string prefix = folder / "model";
  std::vector<formats::Saved> saved;
  // Long keys enough for several blocks of the index, in no order; an empty and a scalar tensor; several types.
  const std::string end = std::string(1000, 'x') + "/dense/kernel";
  for (int i = 999; i >= 0; i -= 3)
    saved.push_back({"block_" + std::to_string(i) + end, numbers({i % 5, 3}, static_cast<float>(i)), {}});
  saved.push_back({"scalar", numbers({}, 7), {}});
  const std::vector<int64_t> steps{int64_t{1} << 40};
  saved.push_back({"names", make_strings({2, 2}, {"", "a", std::string(300, 'b'), std::string("c\0d", 3)}), {}});
  saved.push_back({"step", make_tensor<int64_t>(DType::i64, {1}, std::span(steps)), {}});
  formats::write_checkpoint(saved, prefix, {});

  Control control;
  base::Budget budget(control);
  const auto read = formats::Checkpoint::open(prefix, budget);
  for (const auto& [key, value, other] : saved) {
    REQUIRE(read->has(key));
    CHECK(same_contents(read->tensor(key), value));
  }
  CHECK_FALSE(read->has("block_1" + end));
  CHECK(std::filesystem::file_size(prefix + ".index") > 262144);
}

TEST_CASE("a tensor of a checkpoint may have an object's key besides its own") {
  const bytes::Folder folder;
  const std::string prefix = folder / "model", key = "a/.ATTRIBUTES/VARIABLE_VALUE";
  formats::write_checkpoint({{"b", numbers({3}, 5), {}}, {"a", numbers({2, 300}, 1), key}}, prefix, {});
  Control control;
  base::Budget budget(control);
  const auto read = formats::Checkpoint::open(prefix, budget);
  CHECK(same_contents(read->tensor(key), numbers({2, 300}, 1)));
  CHECK(read->keys() == std::vector<std::string>{"a", "b"});
  CHECK(std::filesystem::file_size(prefix + ".data-00000-of-00001") == 603 * sizeof(float));
}

TEST_CASE("a checkpoint refuses what it cannot hold, and leaves nothing") {
  const bytes::Folder folder;
  const std::string prefix = folder / "model";
  CHECK(status_of([&] {
          formats::write_checkpoint({{"a", numbers({2}, 0), {}}, {"a", numbers({2}, 1), {}}}, prefix, {});
        }) == Status::internal);
  CHECK(status_of([&] { formats::Checkpoint::open(prefix, *std::make_unique<base::Budget>(Control{})); }) == Status::io);
}
