#include "base/json_out.h"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

using namespace keraft::base;

TEST_CASE("texts from files always make a document that parses", "[json_out]") {
  const std::string odd("q\"b\\n\n\t\x01\x7f\xc3\xa9\xff\xed\xa0\x80\0z", 17);
  const auto parsed = nlohmann::json::parse(json_string(odd));
  const std::string text = parsed.get<std::string>();
  CHECK(text.substr(0, 11) == "q\"b\\n\n\t\x01\x7f\xc3\xa9");
  CHECK(text.find("\xef\xbf\xbd") != std::string::npos);
  CHECK(text.back() == 'z');
}

TEST_CASE("numbers read back, and what JSON has no number for is null", "[json_out]") {
  for (const double value : {0.0, -0.5, 1e-300, 0.1, 12345678901234567.0, 3.0}) {
    CHECK(nlohmann::json::parse(json_number(value)).get<double>() == value);
  }
  CHECK(json_number(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(json_number(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("commas and brackets", "[json_out]") {
  JsonOut out;
  out.open('{').key("a").integer(-1).key("b").open('[').close().key("c").open('[');
  out.open('{').key("d").texts({"x", "y"}).close().flag(true).null();
  const auto parsed = nlohmann::json::parse(out.take());
  CHECK(parsed == nlohmann::json::parse(R"({"a": -1, "b": [], "c": [{"d": ["x", "y"]}, true, null]})"));
}
