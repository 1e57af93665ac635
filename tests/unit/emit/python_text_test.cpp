#include <catch2/catch.hpp>

#include "emit/python_text.h"

using namespace keraft;
using emit::bracketed;
using emit::laid_out;

TEST_CASE("code is laid out as black does it") {
  CHECK(laid_out(bracketed("x = ops.exp(y)"), 4) == "    x = ops.exp(y)\n");
  const std::string wide = "x = ops.pad(" + std::string(30, 'a') + ", pad_width=[[0, 0], [4, 4], [4, 4]], mode=\"a,b(\")";
  CHECK(laid_out(bracketed(wide), 4) ==
        "    x = ops.pad(\n        " + std::string(30, 'a') + ", pad_width=[[0, 0], [4, 4], [4, 4]], mode=\"a,b(\"\n    )\n");
  const std::string item(40, 'b');
  CHECK(laid_out(bracketed("f(" + item + ", " + item + ", [" + item + ", " + item + "])"), 0) ==
        "f(\n    " + item + ",\n    " + item + ",\n    [\n        " + item + ",\n        " + item + ",\n    ],\n)\n");
  const std::string half(36, 'c');
  emit::Expr call = bracketed("x = layers.Add(name=\"a\")");
  call.given = {bracketed("[" + half + ", " + half + "]")};
  CHECK(laid_out(call, 4) == "    x = layers.Add(name=\"a\")(\n        [" + half + ", " + half + "]\n    )\n");
  call = bracketed("x = layers.Dense(" + half + ", " + half + ")");
  call.given = {emit::plain("x")};
  CHECK(laid_out(call, 4) == "    x = layers.Dense(\n        " + half + ", " + half + "\n    )(x)\n");
}

TEST_CASE("names and strings that Python reads") {
  CHECK(emit::identifier("conv-1") == "conv_1");
  CHECK(emit::identifier("1x1") == "_1x1");
  CHECK(emit::identifier("lambda") == "lambda_");
  CHECK(emit::quoted("a\"b") == "'a\"b'");
  CHECK(emit::quoted("a\"b'\\\n") == "\"a\\\"b'\\\\\\x0a\"");
}
