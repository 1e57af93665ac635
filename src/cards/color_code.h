// Colours in calls of keras.ops, step by step as in colors.h.
#pragma once

#include <array>

#include "cards/calls.h"

namespace keraft::cards {

/// Three operands of one channel each.
using Channels = std::array<Operand, 3>;

/// Output 0 is f of the channels of input 0.
template <class F>
std::optional<std::vector<Edge>> color_code(CodeContext& k, F f) {
  const Operand x = k.input(0);
  if (!x.is_tensor() || k.dtype(0) != DType::f32) return std::nullopt;
  const Edge split = k.call("Split", {{"x", x}, {"indices_or_sections", literal(int64_t{3})}, {"axis", literal(int64_t{-1})}});
  Channels in;
  for (int32_t i = 0; i < 3; ++i) in[static_cast<size_t>(i)].edge = {split.node, i};
  Operand out;
  out.is_list = true;
  for (Operand& one : f(in)) out.list.push_back(std::move(one));
  return std::vector<Edge>{k.call("Concatenate", {{"xs", out}, {"axis", literal(int64_t{-1})}})};
}

inline Operand chosen(CodeContext& k, Operand condition, Operand yes, Operand no) {
  return called(k, "Where", {{"condition", std::move(condition)}, {"x1", std::move(yes)}, {"x2", std::move(no)}});
}

inline Operand clipped(CodeContext& k, Operand x) {
  return both(k, "Minimum", both(k, "Maximum", std::move(x), literal(0.0)), literal(1.0));
}

/// The largest and smallest channel, what lies between, and the place on the circle of six parts, -1 … 5.
struct Hue {
  Operand high, low, range, place;
};

inline Hue hue_code(CodeContext& k, const Channels& c) {
  const auto& [r, g, b] = c;
  Hue out;
  out.high = both(k, "Maximum", both(k, "Maximum", r, g), b);
  out.low = both(k, "Minimum", both(k, "Minimum", r, g), b);
  out.range = both(k, "Subtract", out.high, out.low);
  const auto away = [&](const Operand& from, const Operand& to) {
    return both(k, "DivideNoNan", both(k, "Subtract", to, from), out.range);
  };
  const auto turned = [&](Operand x, double by) { return both(k, "Add", std::move(x), literal(by)); };
  const Operand rest = chosen(k, both(k, "Equal", g, out.high), turned(away(r, b), 2.0), turned(away(g, r), 4.0));
  out.place = chosen(k, both(k, "Equal", r, out.high), away(b, g), rest);
  return out;
}

/// Hue, saturation and value of red, green and blue.
inline Channels hsv_code(CodeContext& k, const Channels& c) {
  const Hue found = hue_code(k, c);
  const Operand hue = both(k, "Divide", found.place, literal(6.0));
  const Operand share = both(k, "DivideNoNan", found.range, found.high);
  return {chosen(k, both(k, "Less", hue, literal(0.0)), both(k, "Add", hue, literal(1.0)), hue),
          chosen(k, both(k, "Greater", found.high, literal(0.0)), share, literal(0.0)), found.high};
}

/// Red, green and blue of hue, saturation and value.
inline Channels rgb_code(CodeContext& k, const Channels& c) {
  const Operand &hue = c[0], &saturation = c[1], &value = c[2];
  const Operand six = both(k, "Multiply", hue, literal(6.0)), rest = both(k, "Subtract", literal(1.0), saturation);
  const auto part = [&](double at, double turn, bool near) {
    const Operand away = called(k, "Absolute", {{"x", both(k, "Subtract", six, literal(at))}});
    const Operand share = clipped(k, near ? both(k, "Subtract", literal(turn), away) : both(k, "Add", away, literal(turn)));
    return both(k, "Multiply", both(k, "Add", rest, both(k, "Multiply", saturation, share)), value);
  };
  return {part(3, -1, false), part(2, 2, true), part(4, 2, true)};
}

}  // namespace keraft::cards
