#include <catch2/catch.hpp>

#include "checkpoint_bytes.h"
#include "formats/checkpoint/checkpoint.h"
#include "formats/checkpoint/crc32c.h"
#include "formats/checkpoint/snappy.h"
#include "keraft/error.hpp"
#include "status_of.h"

using namespace keraft;

namespace {

uint32_t crc(const std::string& text) { return formats::crc32c(std::as_bytes(std::span(text))); }

std::string unhex(const std::string& hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

struct Opened {
  explicit Opened(const std::string& prefix) : checkpoint(formats::Checkpoint::open(prefix, budget)) {}
  Control control;
  base::Budget budget{control};
  std::shared_ptr<formats::Checkpoint> checkpoint;
};

}  // namespace

TEST_CASE("CRC-32C vectors of formats.md 2.2") {
  CHECK(crc("123456789") == 0xe3069283);
  CHECK(formats::masked_crc(crc("123456789")) == 0xc78ab0e5);
  CHECK(crc("") == 0);
  CHECK(formats::masked_crc(0) == 0xa282ead8);
  CHECK(crc("a") == 0xc1d04330);
  CHECK(crc(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(formats::masked_crc(crc(unhex("00004040"))) == 0xc382d6ef);
  CHECK(formats::masked_crc(crc(unhex("000000000100000000"))) == 0xb0a1f2c0);
}

TEST_CASE("a real index file of TensorFlow, formats.md 2.2") {
  std::string index = unhex(
      "00000608011a02080100"
      "1c0d5f434845"
      "434b504f494e5441424c455f4f424a45"
      "43545f47524150480807120020"
      "04285c"
      "3547fc9252001c0b762f2e4154545249"
      "42555445532f5641524941424c455f56"
      "414c55450801120028"
      "0435efd682c300"
      "0000000100000000941aac7400000000"
      "0100000000c0f2a1b000010277006700"
      "000000010000000066aaba566c08790e");
  REQUIRE(index.size() == 0x90);
  index.resize(0xb4);
  index += unhex("57fb808b247547db");
  const bytes::Folder folder;
  folder.write("real.index", index);
  folder.write("real.data-00000-of-00001", unhex("00004040") + std::string(92, ' '));
  const Opened opened(folder / "real");
  CHECK(opened.checkpoint->keys() == std::vector<std::string>{"v/.ATTRIBUTES/VARIABLE_VALUE"});
  CHECK(opened.checkpoint->tensor("v/.ATTRIBUTES/VARIABLE_VALUE").as<float>() == std::vector<float>{3});
}

TEST_CASE("tensors, shards and strings") {
  const bytes::Folder folder;
  bytes::CheckpointWriter writer(2);
  writer.add("b", 1, {2}, bytes::raw<float>({1, 2}), 1);
  writer.add("a", 3, {}, bytes::raw<int32_t>({-7}), 0);
  writer.add_strings("s", {3}, {"x", "", "yz"});
  writer.write(folder / "model");
  const Opened opened(folder / "model");
  CHECK(opened.checkpoint->keys() == std::vector<std::string>{"a", "b", "s"});
  CHECK(opened.checkpoint->tensor("b").as<float>() == std::vector<float>{1, 2});
  CHECK(to_ints(opened.checkpoint->tensor("a")) == std::vector<int64_t>{-7});
  CHECK(*opened.checkpoint->tensor("s").strings == std::vector<std::string>{"x", "", "yz"});
  CHECK(status_of([&] { opened.checkpoint->tensor("c"); }) == Status::format);
}

TEST_CASE("several blocks, compressed or not") {
  for (const bool compressed : {false, true}) {
    const bytes::Folder folder;
    bytes::CheckpointWriter writer(1);
    writer.compressed = compressed;
    writer.entries_in_block = 2;
    for (int i = 0; i < 9; ++i)
      writer.add("layer/weight_" + std::to_string(i), 1, {1}, bytes::raw<float>({static_cast<float>(i)}), 0);
    writer.write(folder / "model");
    const Opened opened(folder / "model");
    REQUIRE(opened.checkpoint->keys().size() == 9);
    CHECK(opened.checkpoint->tensor("layer/weight_7").as<float>() == std::vector<float>{7});
  }
}

TEST_CASE("big-endian checkpoints") {
  const bytes::Folder folder;
  bytes::CheckpointWriter writer(1);
  writer.big_endian = true;
  writer.add("w", 1, {2}, unhex("3f800000c0000000"), 0);
  writer.write(folder / "model");
  CHECK(Opened(folder / "model").checkpoint->tensor("w").as<float>() == std::vector<float>{1, -2});
}

TEST_CASE("a variable stored in parts, whole and by part") {
  const bytes::Folder folder;
  bytes::CheckpointWriter writer(1);
  writer.add_sliced("v", 1, {3, 2}, {{{0, 2}, {0, -1}}, {{2, 1}, {0, -1}}});
  writer.add(formats::slice_key("v", {{0, 2}, {0, -1}}), 1, {2, 2}, bytes::raw<float>({0, 1, 2, 3}), 0);
  writer.add(formats::slice_key("v", {{2, 1}, {0, -1}}), 1, {1, 2}, bytes::raw<float>({4, 5}), 0);
  writer.write(folder / "model");
  const Opened opened(folder / "model");
  CHECK(opened.checkpoint->keys() == std::vector<std::string>{"v"});
  CHECK(opened.checkpoint->tensor("v").as<float>() == std::vector<float>{0, 1, 2, 3, 4, 5});
  CHECK(opened.checkpoint->tensor("v", "3 2 2,1:-").as<float>() == std::vector<float>{4, 5});
  CHECK(status_of([&] { opened.checkpoint->tensor("v", "3 3 2,1:-"); }) == Status::mismatch);
  CHECK(status_of([&] { opened.checkpoint->tensor("v", "3 2 2,2:-"); }) == Status::format);
}

TEST_CASE("keys of parts, formats.md 2.4") {
  CHECK(formats::slice_key("v", {{0, 5}, {0, -1}}) == unhex("00"
                                                            "76"
                                                            "0001"
                                                            "0102"
                                                            "80"
                                                            "85"
                                                            "80"
                                                            "7f"));
  CHECK(formats::slice_key("v", {{67, 134}}) == unhex("00"
                                                      "76"
                                                      "0001"
                                                      "0101"
                                                      "c043"
                                                      "c086"));
  CHECK(formats::slice_key(std::string("a\0", 2), {}) == unhex("00"
                                                               "61"
                                                               "00ff"
                                                               "0001"
                                                               "00"));
}

TEST_CASE("damage is found") {
  const bytes::Folder folder;
  bytes::CheckpointWriter writer(1);
  writer.add("w", 1, {2}, bytes::raw<float>({1, 2}), 0);
  writer.write(folder / "model");
  const std::string index = folder / "model.index", data = folder / "model.data-00000-of-00001";
  std::string good(std::filesystem::file_size(index), '\0');
  std::ifstream(index, std::ios::binary).read(good.data(), static_cast<std::streamsize>(good.size()));

  SECTION("every byte of the index") {
    for (size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x20);
      folder.write("model.index", bad);
      bool same = false;
      const Status status = status_of([&] {
        same = Opened(folder / "model").checkpoint->tensor("w").as<float>() == std::vector<float>{1, 2};
      });
      // Padding of the footer is read by nobody.
      CHECK((status != Status::ok || same));
    }
  }
  SECTION("every length of the index") {
    for (size_t size = 0; size < good.size(); ++size) {
      folder.write("model.index", good.substr(0, size));
      CHECK(status_of([&] { Opened opened(folder / "model"); }) != Status::ok);
    }
  }
  SECTION("data") {
    folder.write("model.data-00000-of-00001", std::string(8, 'x'));
    const Tensor tensor = Opened(folder / "model").checkpoint->tensor("w");
    CHECK(status_of([&] { tensor.load(); }) == Status::format);
    std::filesystem::resize_file(data, 7);
    CHECK(status_of([&] { Opened(folder / "model").checkpoint->tensor("w"); }) == Status::format);
    std::filesystem::remove(data);
    try {
      Opened(folder / "model").checkpoint->tensor("w");
      FAIL("a missing data file was not noticed");
    } catch (const Error& error) {
      CHECK(error.place().name == "w");
      CHECK(error.status() == Status::format);
    }
  }
}

TEST_CASE("Snappy") {
  // "abcd" literal, then eight bytes from four back.
  CHECK(formats::snappy_decompressed(unhex("0c0c61626364"
                                           "1104"),
                                     100) == "abcdabcdabcd");
  CHECK(formats::snappy_decompressed(unhex("0a"
                                           "00"
                                           "61"
                                           "2201"
                                           "00"),
                                     100) == "aaaaaaaaaa");
  CHECK(status_of([] { formats::snappy_decompressed(unhex("0c0c616263"), 100); }) == Status::format);
  CHECK(status_of([] { formats::snappy_decompressed(unhex("0400611105"), 100); }) == Status::format);
  CHECK(status_of([] { formats::snappy_decompressed(unhex("ffffffff0f00"), 100); }) == Status::memory);
}
