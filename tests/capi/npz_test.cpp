#include "cli/npz.h"

#include <catch2/catch.hpp>
#include <cstring>

using namespace keraft;
using namespace keraft::cli;
using Catch::Matchers::Contains;

namespace {

NamedArray floats(std::string name, std::vector<int64_t> shape, std::vector<float> values) {
  NamedArray out{std::move(name), KERAFT_DTYPE_F32, std::move(shape), {}, {}};
  out.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return out;
}

std::string npy(const std::string& header, const std::string& data) {
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size());
  out += '\0';
  return out + header + data;
}

}  // namespace

TEST_CASE("arrays survive .npy and .npz", "[npz]") {
  const NamedArray a = floats("a", {2, 3}, {1, 2, 3, 4, 5, 6});
  const NamedArray scalar = floats("b/c:0", {}, {7});
  const NamedArray empty = floats("empty", {0, 4}, {});
  const NamedArray again = parse_npy(make_npy(a.view()));
  CHECK(again.shape == a.shape);
  CHECK(again.bytes == a.bytes);
  CHECK(again.dtype == a.dtype);
  const std::string archive = make_npz({a.view(), scalar.view(), empty.view()});
  const auto all = parse_npz(archive, 1 << 20);
  REQUIRE(all.size() == 3);
  CHECK(all[1].name == "b/c:0");
  CHECK(all[1].shape.empty());
  CHECK(all[1].bytes == scalar.bytes);
  CHECK(all[2].shape == empty.shape);
  CHECK_THROWS_WITH(parse_npz(archive, 16), Contains("limit"));
}

TEST_CASE("Fortran order and big-endian numbers are read", "[npz]") {
  const NamedArray fortran =
      parse_npy(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", std::string(24, '\0')));
  CHECK(fortran.byte_strides == std::vector<int64_t>{4, 8});
  const NamedArray big =
      parse_npy(npy("{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }", std::string("\x01\x02", 2)));
  CHECK(big.bytes == std::string("\x02\x01", 2));
}

TEST_CASE("hostile .npy headers are refused", "[npz]") {
  const auto header = [](const std::string& shape) {
    return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  };
  const std::string four(4, '\0');
  CHECK_THROWS_WITH(parse_npy(npy(header("(2,)"), four)), Contains("asks for 8 bytes"));
  CHECK_THROWS_WITH(parse_npy(npy(header("(4294967296, 4294967296)"), four)), Contains("larger"));
  CHECK_THROWS_WITH(parse_npy(npy(header("(-1,)"), four)), Contains("size"));
  CHECK_THROWS_WITH(parse_npy(npy(header("(x,)"), four)), Contains("size"));
  CHECK_THROWS_WITH(parse_npy(npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", four)), Contains("|O"));
  CHECK_THROWS_WITH(parse_npy("\x93NUMPY"), Contains("magic"));
  const std::string good = make_npy(floats("a", {2}, {1, 2}).view());
  for (size_t n = 0; n < good.size(); ++n) CHECK_THROWS_AS(parse_npy(std::string_view(good).substr(0, n)), std::runtime_error);
}

TEST_CASE("damaged .npz archives are refused", "[npz]") {
  const std::string good = make_npz({floats("a", {4}, {1, 2, 3, 4}).view()});
  for (size_t n = 0; n < good.size(); ++n)
    CHECK_THROWS_AS(parse_npz(std::string_view(good).substr(0, n), 1 << 20), std::runtime_error);
  std::string flipped = good;
  flipped[good.find("\x93NUMPY") + 140] ^= 1;
  CHECK_THROWS_WITH(parse_npz(flipped, 1 << 20), Contains("checksum"));
  for (size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(~changed[at]);
    try {
      const auto arrays = parse_npz(changed, 1 << 20);
      CHECK((arrays.empty() || arrays.at(0).bytes.size() == 16));
    } catch (const std::runtime_error&) {
    }
  }
  CHECK_THROWS_WITH(parse_npz(make_npz({floats("a", {1}, {1}).view(), floats("a", {1}, {1}).view()}), 1 << 20),
                    Contains("two arrays"));
}
