#include "formats/wire/hdf5_check.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>

#include "base/file.h"
#include "base/storage.h"
#include "formats/wire/hdf5_context.h"
#include "formats/wire/hdf5_reader.h"
#include "status_of.h"

namespace keraft::formats::wire {
namespace {

const Control& hdf5_control() {
  static const Control out;
  return out;
}

std::vector<std::byte> contents(const std::string& name) {
  const auto file = base::File::open(std::string(KERAFT_TEST_DATA) + "/hdf5/" + name);
  std::vector<std::byte> out(static_cast<size_t>(file->size()));
  file->read(0, out);
  return out;
}

void put(std::vector<std::byte>& bytes, size_t at, uint64_t value, size_t width = 8) { std::memcpy(&bytes[at], &value, width); }

std::unique_ptr<Hdf5Checked> checked(std::vector<std::byte> bytes) {
  base::Budget budget(hdf5_control());
  return check_hdf5(base::memory(std::move(bytes)), "file.h5", budget);
}

using Datasets = std::map<std::string, std::vector<std::byte>>;
Datasets datasets(std::vector<std::byte> bytes) {
  Datasets out;
  base::Budget budget(hdf5_control());
  Hdf5Reader file(base::memory(std::move(bytes)), "file.h5", budget);
  const std::function<void(const std::string&)> visit = [&](const std::string& path) {
    const auto names = file.children(path);
    for (const std::string& name : names) visit(path + "/" + name);
    if (names.empty() && status_of([&] { file.tensor(path); }) == Status::ok) out[path] = file.tensor(path).load();
  };
  visit("/model_weights");
  return out;
}

}  // namespace

TEST_CASE("HDF5's checksum is lookup3") {
  CHECK(hdf5_hash(std::string_view()) == 0xdeadbeef);
  CHECK(hdf5_hash("Four score and seven years ago") == 0x17770551);
}

TEST_CASE("a model's weights are the same in every layout of HDF5") {
  const Datasets plain = datasets(contents("keras3.h5"));
  CHECK(plain.size() == 8);
  CHECK(datasets(contents("packed.h5")) == plain);
  CHECK(datasets(contents("latest.h5")) == plain);
}

TEST_CASE("addresses count from a superblock that lies after a user block") {
  std::vector<std::byte> bytes = contents("keraft.h5");
  const Datasets before = datasets(bytes);
  REQUIRE_FALSE(before.empty());
  const uint64_t size = bytes.size() + 512;
  bytes.insert(bytes.begin(), 512, std::byte{7});
  put(bytes, 512 + 24, 512);
  put(bytes, 512 + 40, size);
  CHECK(datasets(bytes) == before);
  put(bytes, 512 + 24, 0);
  CHECK(status_of([&] { checked(bytes); }) == Status::unsupported);
}

TEST_CASE("a file that is marked as being written can be read") {
  std::vector<std::byte> bytes = contents("latest.h5");
  REQUIRE(bytes[8] == std::byte{3});
  bytes[11] = std::byte{1};
  put(bytes, 44, hdf5_hash(std::span(bytes).first(44)), 4);
  CHECK(datasets(bytes).size() == 8);
}

TEST_CASE("libhdf5 gets what was checked, and zeros for all else") {
  std::vector<std::byte> bytes = contents("keraft.h5");
  const auto file = checked(bytes);
  std::vector<std::byte> served(bytes.size());
  file->snapshot.serve(0, served);
  CHECK(std::equal(served.begin(), served.begin() + 96, bytes.begin()));
  REQUIRE(file->datasets.size() == 1);
  const Hdf5Dataset& dataset = file->datasets.begin()->second;
  CHECK(bytes[dataset.at + 3] != std::byte{0});
  CHECK(served[dataset.at + 3] == std::byte{0});
}

TEST_CASE("structures of an HDF5 file do not overlap") {
  base::Budget budget(hdf5_control());
  Hdf5Snapshot snapshot(base::memory(std::vector<std::byte>(100)), budget);
  CHECK(snapshot.claim(10, 10));
  CHECK_FALSE(snapshot.claim(10, 10));
  CHECK_FALSE(snapshot.claim(19, 1));
  CHECK_FALSE(snapshot.claim(5, 6));
  CHECK_FALSE(snapshot.claim(0, 100));
  CHECK(snapshot.claim(20, 80));
  CHECK_FALSE(snapshot.claim(100, 1));
  CHECK_FALSE(snapshot.claim(UINT64_MAX, 2));
  CHECK(snapshot.unclaimed() == std::vector<std::pair<uint64_t, uint64_t>>{{0, 10}});
}

TEST_CASE("elements at a wrong address that is well-formed are noticed") {
  const std::vector<std::byte> bytes = contents("keraft.h5");
  const auto file = checked(bytes);
  const uint64_t at = file->datasets.begin()->second.at;
  std::vector<std::byte> wanted(8);
  std::memcpy(wanted.data(), &at, 8);
  const auto field = std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()) - bytes.begin();
  REQUIRE(field < static_cast<ptrdiff_t>(bytes.size()));
  for (const int64_t shift : {1, 4, 16, 64, 256, 1024}) {
    std::vector<std::byte> moved = bytes;
    put(moved, static_cast<size_t>(field), at + static_cast<uint64_t>(shift));
    CAPTURE(shift);
    CHECK(status_of([&] { checked(moved); }) == Status::format);
  }
}

}  // namespace keraft::formats::wire
