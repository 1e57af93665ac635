#include <catch2/catch.hpp>

#include "keraft/error.hpp"
#include "keraft/shape.hpp"

using namespace keraft;

TEST_CASE("sizes are linear expressions") {
  const Dim b = Dim::symbol("B"), h = Dim::symbol("H");
  CHECK((b * 3 + 2 - b).text() == "2*B+2");
  CHECK(b - b == Dim(0));
  CHECK((h + b) == (b + h));
  CHECK((h * b) == (b * h));
  CHECK((Dim(7) * 3).value() == 21);
  CHECK((b * -1).text() == "-B");
}

TEST_CASE("division is exact or named") {
  const Dim b = Dim::symbol("B");
  CHECK((b * 6 + 4).exact_div(2) == b * 3 + 2);
  CHECK_FALSE((b * 6 + 3).exact_div(2));
  CHECK((b * 6).exact_div(b) == Dim(6));
  CHECK(Dim(7).floor_div(2) == Dim(3));
  CHECK(Dim(-7).floor_div(2) == Dim(-4));
  CHECK(Dim(7).ceil_div(2) == Dim(4));
  CHECK((b + 1).floor_div(2).text() == "((B+1)//2)");
  CHECK((b + 1).floor_div(2) == (Dim(1) + b).floor_div(2));
  CHECK_THROWS_AS(Dim(3).floor_div(0), Error);
}

TEST_CASE("arithmetic on sizes is checked") {
  CHECK_THROWS_AS(Dim(INT64_MAX) + 1, Error);
  CHECK_THROWS_AS(Dim::symbol("B") * INT64_MAX * 2, Error);
  CHECK_THROWS_AS(element_count({1 << 30, 1 << 30, 1 << 30}), Error);
  CHECK_THROWS_AS(element_count({2, -1}), Error);
  CHECK(element_count({int64_t{1} << 62, 0, int64_t{1} << 62}) == 0);
  CHECK(element_count({}) == 1);
}
