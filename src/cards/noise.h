// What the marks of dropout and noise stand for in a step of training: random numbers, new in each call.
#pragma once

#include <vector>

#include "cards/layer_card.h"
#include "cards/number_tensor.h"

namespace keraft::cards {

inline Edge scalar_like(LowerContext& c, Edge x, double value) {
  return c.constant(number_tensor(c.type(x).dtype, {}, {value}));
}

inline Edge scaled(LowerContext& c, Edge x, double factor) { return c.op("Mul", {x, scalar_like(c, x, factor)}); }

/// Of the size of x, or of 1 along the `shared` axes; in float32.
inline Edge random_like(LowerContext& c, const char* op, Edge x, const std::vector<int64_t>& shared) {
  if (!shared.empty()) {
    const Shape shape = c.type(x).shape;
    if (!shape.has_rank()) c.fail("dropout of whole maps, of an input whose rank is not known");
    int64_t others = 0;
    std::vector<double> end(shape.rank(), 0), none(shape.rank(), 0), step(shape.rank(), 1);
    for (size_t axis = 0; axis < shape.rank(); ++axis) others |= int64_t{1} << axis;
    for (const int64_t axis : shared) {
      others &= ~(int64_t{1} << axis);
      end.at(static_cast<size_t>(axis)) = 1;
    }
    const auto sizes = [&](const std::vector<double>& values) {
      return c.constant(number_tensor(DType::i32, {static_cast<int64_t>(values.size())}, values));
    };
    x = c.op("StridedSlice", {x, sizes(none), sizes(end), sizes(step)}, {{"begin_mask", others}, {"end_mask", others}});
  }
  return c.op(op, {c.op("Shape", {x})}, {{"dtype", DType::f32}});
}

/// 1 for a share 1 − rate of the elements, 0 for the others; of the type of x.
inline Edge kept(LowerContext& c, Edge x, double rate, const Dict& attrs) {
  const auto shared = attrs.find("shared");
  const auto axes = shared == attrs.end() ? std::nullopt : shared->second.as_ints();
  const Edge drawn = random_like(c, "RandomUniform", x, axes.value_or(std::vector<int64_t>()));
  return c.op("Cast", {c.op("GreaterEqual", {drawn, scalar_like(c, drawn, rate)})},
              {{"SrcT", DType::boolean}, {"DstT", c.type(x).dtype}});
}

/// Normal numbers around 0, of the size and type of x.
inline Edge normal_noise(LowerContext& c, Edge x, double deviation) {
  const Edge drawn = scaled(c, random_like(c, "RandomStandardNormal", x, {}), deviation);
  const DType dtype = c.type(x).dtype;
  return dtype == DType::f32 ? drawn : c.op("Cast", {drawn}, {{"SrcT", DType::f32}, {"DstT", dtype}});
}

/// The mark's number; 0 or less: there is nothing to draw.
inline double mark_number(const Dict& attrs, const char* name) {
  const auto found = attrs.find(name);
  return found == attrs.end() ? 0 : found->second.number().value_or(0);
}

}  // namespace keraft::cards
