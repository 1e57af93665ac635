#include <cmath>

#include "cards/upsampling.h"

namespace keraft {
namespace {

/// Without half_pixel_centers TensorFlow multiplies by a rounded scale.
bool same_neighbours(const Dim& in, int64_t size) {
  if ((size & (size - 1)) == 0) return true;
  if (!in.known() || in.value() > 1 << 16) return false;
  const float scale = static_cast<float>(in.value()) / static_cast<float>(in.value() * size);
  for (int64_t i = 0; i < in.value() * size; ++i) {
    if (static_cast<int64_t>(std::floor(static_cast<float>(i) * scale)) != i / size) return false;
  }
  return true;
}

bool resizes(Match& m) {
  const bool first = *m.get("data_format") == Value("channels_first");
  const auto sizes = cards::growth(m, 2, first);
  if (!sizes) return false;
  if (m.config["half_"] == Value(false)) {
    const Shape in = m.shape("x");
    for (size_t i = 0; i < 2; ++i) {
      if (!same_neighbours(in[i + (first ? 2 : 1)], (*sizes)[i])) return false;
    }
  }
  m.config["size"] = Value::ints(*sizes);
  return true;
}

/// Images of one size are Resizing's, which every Keras has.
bool resizes_open(Match& m) {
  const bool first = *m.get("data_format") == Value("channels_first");
  const Shape x = m.shape("x");
  if (!x.has_rank() || x.rank() != 4 || (x[first ? 2 : 1].known() && x[first ? 3 : 2].known())) return false;
  return resizes(m);
}

Edge resize(LowerContext& c, const std::string& op) {
  const bool first = c.config("data_format") == Value("channels_first");
  const auto vector = [&](const std::vector<int32_t>& values) {
    return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values));
  };
  const auto sizes = cards::factors(c, 2);
  Edge x = c.inputs().front();
  if (first) x = c.op("Transpose", {x, vector({0, 2, 3, 1})});
  const Edge now =
      c.op("StridedSlice", {c.op("Shape", {x}, {{"out_type", DType::i32}}), vector({1}), vector({3}), vector({1})});
  const Edge wanted = c.op("Mul", {now, vector({static_cast<int32_t>(sizes[0]), static_cast<int32_t>(sizes[1])})});
  x = c.op(op, {x, wanted}, op == "ResizeArea" ? Dict{} : Dict{{"half_pixel_centers", true}});
  return first ? c.op("Transpose", {x, vector({0, 3, 1, 2})}) : x;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(up_sampling2d) {
  using namespace keraft;
  card.keras("UpSampling2D").about("images at a multiple of their size").fidelity(Fidelity::approximate);
  card.config("size", Value::ints({2, 2})).always().config("data_format", "channels_last").always();
  card.config("interpolation", "nearest");
  card.formerly("UpSampling2D").without_order();
  const std::string nearest = "ResizeNearestNeighbor({x}, _, half_pixel_centers=$half_)",
                    bilinear = "ResizeBilinear({x}, _, half_pixel_centers=true)";
  for (const bool exact : {true, false}) {
    const Dict last{{"data_format", "channels_last"}, {"interpolation", exact ? "nearest" : "bilinear"}};
    const Dict first{{"data_format", "channels_first"}, {"interpolation", exact ? "nearest" : "bilinear"}};
    std::string op = exact ? nearest : bilinear;
    op.replace(op.find("{x}"), 3, "x");
    card.also_reads("y = " + op, last, resizes);
    op.replace(op.find("(x,"), 3, "(t,");
    card.also_reads("t = Transpose(x, [0, 2, 3, 1])   r = " + op + "   y = Transpose(r, [0, 3, 1, 2])", first, resizes);
  }
  for (const auto& [op, method] :
       {std::pair("ResizeBicubic(x, _, half_pixel_centers=true)", "bicubic"), {"ResizeArea(x, _)", "area"}}) {
    const Dict last{{"data_format", "channels_last"}, {"interpolation", method}};
    card.also_reads(std::string("y = ") + op, last, resizes_open);
  }
  cards::reads_repetitions(card, 2);
  card.lower_with([](LowerContext& c) {
    const Value& how = c.config("interpolation");
    std::string op;
    for (const auto& [method, name] : {std::pair("nearest", "ResizeNearestNeighbor"),
                                       {"bilinear", "ResizeBilinear"},
                                       {"bicubic", "ResizeBicubic"},
                                       {"area", "ResizeArea"}}) {
      if (how == Value(method)) op = name;
    }
    if (op.empty()) c.fail("interpolation " + how.text());
    return resize(c, op);
  });
  card.sample({{"size", Value::ints({2, 3})}}, {{2, 5, 4, 3}});
  card.sample({{"size", Value::ints({3, 2})}, {"interpolation", "bilinear"}}, {{1, 3, 4, 2}});
  card.sample({{"size", Value::ints({2, 2})}, {"data_format", "channels_first"}}, {{3, 2, 4, 5}});
}
