#include "ir/share.h"

#include <catch2/catch.hpp>

using namespace keraft;

TEST_CASE("a dict's copy keeps its entries when the other changes") {
  Dict first{{"a", 1}, {"b", List{1, 2}}, {"c", "x"}};
  const Dict copy = first;
  const auto a = first.find("a");
  CHECK(&copy.at("a") == &a->second);
  first["b"] = 3;
  first.erase(a);  // of the entries as they were
  CHECK(first == Dict{{"b", 3}, {"c", "x"}});
  CHECK(copy == Dict{{"a", 1}, {"b", List{1, 2}}, {"c", "x"}});
  *first.edit("c") = 4;
  CHECK(first.edit("a") == nullptr);
  CHECK(first.erase("a") == 0);
  CHECK(first.extract("a").empty());
  CHECK(first.extract("b").mapped() == Value(3));
  CHECK(first == Dict{{"c", 4}});
  Dict other = copy;
  other.clear();
  CHECK(other == Dict());
  CHECK(other.find("a") == other.end());
  CHECK(copy.size() == 3);
}

TEST_CASE("a name is its text") {
  const Name name = "conv/kernel";
  const Name same = std::string("conv/kernel");
  CHECK(name == same);
  CHECK(name == "conv/kernel");
  CHECK(name < Name("conv/z"));
  CHECK("a:" + name + '!' == "a:conv/kernel!");
  CHECK(name.substr(name.find('/') + 1) == "kernel");
  CHECK(Name().empty());
  CHECK(Name("") == Name());
  CHECK(Name().str().empty());
}

TEST_CASE("what is shared is equal, not alike") {
  ir::Sharing sharing;
  Dict whole{{"x", 1}}, real{{"x", 1.0}}, truth{{"x", true}}, text{{"x", "true"}}, again{{"x", 1}};
  const std::vector<Dict> before{whole, real, truth, text, again};
  for (Dict* one : {&whole, &real, &truth, &text, &again}) sharing.share(*one);
  CHECK(std::vector<Dict>{whole, real, truth, text, again} == before);
  CHECK(&whole.at("x") == &again.at("x"));
  CHECK(&whole.at("x") != &real.at("x"));
  Dict held{{"value", make_splat(DType::f32, {2}, std::vector<std::byte>(4))}};
  const Value* value = &held.at("value");
  sharing.share(held);
  CHECK(&held.at("value") == value);

  Shape open{Dim::symbol("B"), 3}, known{1, 3}, same{Dim::symbol("B"), 3}, unknown;
  for (Shape* one : {&open, &known, &same, &unknown}) sharing.share(*one);
  CHECK(open == same);
  CHECK(&std::as_const(open).dims() == &std::as_const(same).dims());
  CHECK(known == Shape{1, 3});
  CHECK(!unknown.has_rank());
}
