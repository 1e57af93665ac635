#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "formats/python/npz.h"
#include "formats/python/npz_read.h"
#include "formats/wire/crc32.h"
#include "formats/wire/zip_writer.h"
#include "keraft/error.hpp"
#include "status_of.h"

using namespace keraft;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("keraft-npz-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

std::vector<std::pair<std::string, Tensor>> read(const std::string& path) {
  const Control control;
  base::Budget budget(control);
  return formats::read_npz(path, budget);
}

/// An archive of one array with this header and data.
std::string archive(const Folder& folder, const std::string& dictionary, const std::string& data) {
  std::string array("\x93NUMPY\x01\x00", 8);
  array += static_cast<char>(dictionary.size());
  array += '\0';
  array += dictionary + data;
  const std::string path = folder / "made.npz";
  base::AtomicFile file(path);
  formats::wire::ZipWriter zip(file);
  zip.begin("x.npy", false);
  file.append(array);
  zip.end(array.size(), formats::wire::crc32(0, std::as_bytes(std::span(array))));
  zip.finish();
  file.commit();
  return path;
}

}  // namespace

TEST_CASE("arrays of numpy are read as they were written") {
  const Folder folder;
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const std::vector<int64_t> numbers = {7};
  formats::write_npz(
      {{"a/b", make_tensor<float>(DType::f32, {2, 3}, values)}, {"n", make_tensor<int64_t>(DType::i64, {}, numbers)}},
      folder / "x.npz", {});
  const auto found = read(folder / "x.npz");
  REQUIRE(found.size() == 2);
  CHECK(found[0].first == "a/b");
  CHECK(found[0].second.dims == std::vector<int64_t>{2, 3});
  CHECK(found[0].second.as<float>() == values);
  CHECK(found[1].second.as<int64_t>() == numbers);
}

TEST_CASE("Fortran order and big-endian numbers are turned") {
  const Folder folder;
  // [[1, 2, 3], [4, 5, 6]] column by column
  const auto fortran = read(archive(folder, "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }\n",
                                    std::string("\0\1\0\4\0\2\0\5\0\3\0\6", 12)));
  CHECK(fortran[0].second.dims == std::vector<int64_t>{2, 3});
  CHECK(fortran[0].second.as<int16_t>() == std::vector<int16_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("damaged arrays are refused") {
  const Folder folder;
  const std::string four(4, '\0');
  const auto status = [&](const std::string& header, const std::string& data) {
    return status_of([&] { read(archive(folder, header, data)); });
  };
  CHECK(status("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n", four) == Status::ok);
  CHECK(status("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", four) == Status::format);
  CHECK(status("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }\n", four) == Status::format);
  CHECK(status("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n", four) == Status::format);
  CHECK(status("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }\n", four) == Status::format);
  CHECK(status("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", four) == Status::unsupported);
  CHECK(status("{'fortran_order': False, 'shape': (1,), }\n", four) == Status::format);
  CHECK(status("", "") == Status::format);
}
