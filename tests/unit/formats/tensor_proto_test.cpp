// formats.md 1.4, rule by rule.
#include <catch2/catch.hpp>

#include "base/storage.h"
#include "formats/graphdef/tensor.h"
#include "keraft/error.hpp"
#include "wire_bytes.h"

using namespace keraft;

namespace {

Tensor read(const std::string& message) {
  const auto* data = reinterpret_cast<const std::byte*>(message.data());
  formats::wire::Source source(base::memory(std::vector<std::byte>(data, data + message.size())), "test");
  Control control;
  base::Budget budget(control);
  return formats::read_tensor(formats::wire::Scan(source), budget);
}

Status status_of(const std::string& message) {
  try {
    read(message);
  } catch (const Error& error) {
    return error.status();
  }
  return Status::ok;
}

std::string packed_floats(std::vector<float> values) { return bytes::text(5, bytes::raw(values)); }

}  // namespace

TEST_CASE("raw contents") {
  CHECK(read(bytes::tensor(1, {2}, bytes::text(4, bytes::raw<float>({1, -2})))).as<float>() == std::vector<float>{1, -2});
  std::vector<float> many(1000, 0.5f);
  CHECK(read(bytes::tensor(1, {10, 100}, bytes::text(4, bytes::raw(many)))).as<float>() == many);
  CHECK(status_of(bytes::tensor(1, {3}, bytes::text(4, bytes::raw<float>({1, 2})))) == Status::format);
}

TEST_CASE("typed values: all, the last one repeated, or zeros") {
  CHECK(read(bytes::tensor(1, {3}, packed_floats({1, 2, 3}))).as<float>() == std::vector<float>{1, 2, 3});
  CHECK(read(bytes::tensor(1, {4}, packed_floats({1, 2}))).as<float>() == std::vector<float>{1, 2, 2, 2});
  CHECK(read(bytes::tensor(1, {3}, packed_floats({7}))).as<float>() == std::vector<float>{7, 7, 7});
  CHECK(read(bytes::tensor(1, {3}, "")).as<float>() == std::vector<float>{0, 0, 0});
  CHECK(read(bytes::tensor(1, {0, 5}, packed_floats({7}))).elements() == 0);
  CHECK(read(bytes::tensor(1, {}, bytes::fixed32(5, 0x40400000))).as<float>() == std::vector<float>{3});
}

TEST_CASE("every number form") {
  CHECK(to_ints(read(bytes::tensor(3, {2}, bytes::number(7, static_cast<uint64_t>(-5)) + bytes::text(7, bytes::varint(9))))) ==
        std::vector<int64_t>{-5, 9});
  CHECK(to_ints(read(bytes::tensor(9, {1}, bytes::number(10, uint64_t{1} << 60)))) == std::vector<int64_t>{int64_t{1} << 60});
  CHECK(to_ints(read(bytes::tensor(10, {2}, bytes::number(11, 1)))) == std::vector<int64_t>{1, 1});
  CHECK(to_ints(read(bytes::tensor(6, {1}, bytes::number(7, static_cast<uint64_t>(-128))))) == std::vector<int64_t>{-128});
  CHECK(to_ints(read(bytes::tensor(17, {1}, bytes::number(7, 65535)))) == std::vector<int64_t>{65535});
  CHECK(to_ints(read(bytes::tensor(22, {1}, bytes::number(16, 4294967295u)))) == std::vector<int64_t>{4294967295});
  CHECK(read(bytes::tensor(23, {1}, bytes::number(17, UINT64_MAX))).as<uint64_t>() == std::vector<uint64_t>{UINT64_MAX});
  CHECK(to_ints(read(bytes::tensor(29, {1}, bytes::number(7, static_cast<uint64_t>(-8))))) == std::vector<int64_t>{-8});
  CHECK(to_doubles(read(bytes::tensor(19, {2}, bytes::text(13, bytes::varint(0x3C00) + bytes::varint(0xC000))))) ==
        std::vector<double>{1, -2});
  CHECK(to_doubles(read(bytes::tensor(14, {1}, bytes::number(13, 0x3F80)))) == std::vector<double>{1});
  CHECK(read(bytes::tensor(8, {2}, bytes::text(9, bytes::raw<float>({1, 2})))).as<std::array<float, 2>>()[1] ==
        std::array<float, 2>{1, 2});
  CHECK(read(bytes::tensor(18, {1}, bytes::text(12, bytes::raw<double>({1, 2})))).bytes() == 16);
  CHECK(to_doubles(read(bytes::tensor(25, {2}, bytes::text(18, "\x38\x40")))) == std::vector<double>{1, 2});
  CHECK(*read(bytes::tensor(7, {3}, bytes::text(8, "ab") + bytes::text(8, std::string("\0c", 2)))).strings ==
        std::vector<std::string>{"ab", std::string("\0c", 2), std::string("\0c", 2)});
  CHECK(*read(bytes::tensor(7, {2},
                            bytes::text(4,
                                        "\x01\x02"
                                        "abc")))
             .strings == std::vector<std::string>{"a", "bc"});
  // A reference type is the type that it refers to.
  CHECK(read(bytes::tensor(101, {1}, packed_floats({4}))).dtype == DType::f32);
}

TEST_CASE("tensors that say two things, or nothing, are refused") {
  CHECK(status_of(bytes::text(2, bytes::shape({1})) + packed_floats({1})) == Status::format);
  CHECK(status_of(bytes::number(1, 1) + bytes::text(2, bytes::number(3, 1))) == Status::format);
  CHECK(status_of(bytes::tensor(1, {-1}, packed_floats({1}))) == Status::format);
  CHECK(status_of(bytes::tensor(1, {1}, packed_floats({1}) + bytes::text(4, bytes::raw<float>({1})))) == Status::format);
  CHECK(status_of(bytes::tensor(1, {1}, bytes::number(7, 1))) == Status::format);
  CHECK(status_of(bytes::tensor(14, {1}, bytes::number(7, 1))) == Status::format);
  CHECK(status_of(bytes::tensor(4, {1}, bytes::number(7, 256))) == Status::format);
  CHECK(status_of(bytes::tensor(10, {1}, bytes::number(11, 2))) == Status::format);
  CHECK(status_of(bytes::tensor(1, {2}, packed_floats({1, 2, 3}))) == Status::format);
  CHECK(status_of(bytes::tensor(7, {1}, bytes::text(8, "a") + bytes::text(8, "b"))) == Status::format);
  CHECK(status_of(bytes::tensor(1, {int64_t{1} << 40}, packed_floats({1}))) == Status::memory);
  CHECK(status_of(bytes::tensor(999, {1}, "")) == Status::unsupported);
  CHECK(status_of(bytes::tensor(1, {int64_t{1} << 32, int64_t{1} << 32}, packed_floats({1}))) == Status::format);
  CHECK(status_of(bytes::tensor(1, {int64_t{1} << 62}, packed_floats({1}))) == Status::format);
  CHECK(status_of(bytes::tensor(1, std::vector<int64_t>(255, 1), packed_floats({1}))) == Status::format);
  CHECK(status_of(bytes::tensor(7, {int64_t{1} << 40}, bytes::text(8, "x"))) == Status::memory);
  CHECK(status_of(bytes::tensor(7, {2},
                                bytes::text(4,
                                            "\x01\x7F"
                                            "abc"))) == Status::format);
}
