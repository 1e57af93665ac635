// Running sums along an axis.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// The running function of keras.ops with its flags; `start` as in scan.
std::optional<std::vector<Edge>> scan_code(CodeContext& k, std::string_view cls, double start);

/// Shape, kernel and samples of an op whose element i is start, joined with the elements 0…i (exclusive: …i - 1) of an axis
/// (input 1), from the end when `reverse`.
template <class... T, class Start, class Join>
void scan(OpCard& card, Types<T...> types, Start start, Join join) {
  card.in("x").in("axis").out("out").attr("exclusive", false).attr("reverse", false).attr("T").attr("Tidx", DType::i32);
  card.shape([](ShapeContext& s) {
    const auto axis = number(s, 1);
    if (axis && s.shape(0).has_rank()) s.axis(*axis, s.shape(0).rank());
    s.same(0, 0);
  });
  card.kernel([types, start, join](KernelContext& k) {
    const Array& in = k.array(0);
    const size_t axis = k.axis(ints_of(k, 1).at(0), in.dims.size());
    const bool exclusive = k.flag("exclusive"), reverse = k.flag("reverse");
    const int64_t size = in.dims[axis];
    int64_t inner = 1;
    for (size_t i = axis + 1; i < in.dims.size(); ++i) inner *= in.dims[i];
    Array& out = k.result();
    if (in.elements() == 0) return;
    const int64_t lines = in.elements() / size;
    dispatch(k, in.dtype, types, [&](auto type) {
      using V = decltype(type);
      const V* x = in.as<V>();
      V* y = out.as<V>();
      for (int64_t line = 0; line < lines; ++line) {
        const int64_t first = line / inner * size * inner + line % inner;
        V sum = V(start);
        for (int64_t i = 0; i < size; ++i) {
          const int64_t at = first + (reverse ? size - 1 - i : i) * inner;
          const V next = join(sum, x[at]);
          y[at] = exclusive ? sum : next;
          sum = next;
        }
      }
    });
  });
  card.sample({dims({2, 3}), scalar_i32(1)});
  card.sample({dims({3, 4, 2}), scalar_i32(-3)}, {{"exclusive", true}});
  card.sample({dims({3, 4, 2}), scalar_i32(1)}, {{"reverse", true}});
  card.sample({dims({7}), scalar_i32(0)}, {{"reverse", true}, {"exclusive", true}});
  card.sample({dims({0, 2}), scalar_i32(0)});
}

}  // namespace keraft::cards
