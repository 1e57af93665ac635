#include <catch2/catch.hpp>

#include "keraft/shape.hpp"
#include "keraft/value.hpp"

using namespace keraft;

TEST_CASE("a copy of a value keeps what it was when the other changes") {
  Value first(Dict{{"sizes", Value::ints({1, 2})}, {"name", "a"}});
  const Value second = first;
  const Dict* before = second.get<Dict>();
  (*first.edit<Dict>())["name"] = "b";
  first.edit<Dict>()->edit("sizes")->edit<List>()->push_back(3);
  CHECK(first == Value(Dict{{"sizes", Value::ints({1, 2, 3})}, {"name", "b"}}));
  CHECK(second == Value(Dict{{"sizes", Value::ints({1, 2})}, {"name", "a"}}));
  CHECK(second.get<Dict>() == before);
  CHECK(first.edit<List>() == nullptr);
  CHECK(Value(3).edit<Dict>() == nullptr);
  *first.edit<Dict>() = {};
  CHECK(first.text() == "{}");
}

TEST_CASE("equal values are equal, shared or not") {
  const Value value = Value(List{Value("a"), Value(Dict{{"k", 1}})});
  CHECK(value == Value(value));
  CHECK(value == Value(List{Value("a"), Value(Dict{{"k", 1}})}));
  CHECK_FALSE(value == Value(List{Value("a"), Value(Dict{{"k", 2}})}));
  CHECK_FALSE(Value(List{}) == Value(Dict{}));
}

TEST_CASE("a copy of a shape keeps its sizes when the other changes") {
  Shape first{Dim::symbol("B"), 3};
  const Shape second = first;
  first.dims()[1] = 4;
  first.dims().push_back(5);
  CHECK(first.text() == "[B, 4, 5]");
  CHECK(second.text() == "[B, 3]");
  CHECK(second == Shape{Dim::symbol("B"), 3});
  CHECK_FALSE(first == second);
  CHECK_FALSE(Shape() == second);
  CHECK(Shape() == Shape());
}
