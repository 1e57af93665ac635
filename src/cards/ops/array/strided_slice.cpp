#include "cards/numeric.h"
#include "cards/shapes.h"
#include "cards/slice_text.h"
#include "cards/slices.h"
#include "kernels/move.h"

KERAFT_OP(strided_slice) {
  op.tf("StridedSlice").about("a part of a tensor, as Python slices it");
  op.tensorflow_with(strided_slice_text);
  op.in("input")
      .in("begin")
      .in("end")
      .in("strides")
      .out("output")
      .attr("T")
      .attr("Index")
      .attr("begin_mask", 0)
      .attr("end_mask", 0)
      .attr("ellipsis_mask", 0)
      .attr("new_axis_mask", 0)
      .attr("shrink_axis_mask", 0);
  op.shape([](ShapeContext& s) {
    for (size_t i = 1; i <= 3; ++i) need_rank(s, i, 1);
    const auto axes = strided_slice(s);
    if (!axes) return s.out(0, s.dtype(0), Shape());
    Dims out;
    for (const SliceAxis& axis : *axes) {
      if (!axis.dropped) out.push_back(axis.size);
    }
    s.out(0, s.dtype(0), out);
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    const auto& in = s.ints(0);
    const auto axes = in && s.shape(0).known() ? strided_slice(s) : std::nullopt;
    if (!axes) return std::nullopt;
    const auto steps = kernels::row_major(s.shape(0).values());
    std::vector<int64_t> taken{0};
    for (const SliceAxis& axis : *axes) {
      if (axis.added) continue;
      if (!axis.begin || !axis.size.known()) return std::nullopt;
      std::vector<int64_t> next;
      for (const int64_t from : taken) {
        for (int64_t i = 0; i < axis.size.value(); ++i) next.push_back(from + (*axis.begin + i * axis.stride) * steps[axis.in]);
      }
      taken = std::move(next);
    }
    Dims out;
    for (const int64_t at : taken) out.push_back(in->at(static_cast<size_t>(at)));
    return out;
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto steps = kernels::row_major(in.dims);
    kernels::Strided what;
    const auto axes = strided_slice(k);
    if (!axes) k.fail("begin, end or strides are too long");
    for (const SliceAxis& axis : *axes) {
      what.dims.push_back(axis.size.value());
      what.steps.push_back(axis.added ? 0 : steps[axis.in] * axis.stride);
      if (!axis.added) what.offset += *axis.begin * steps[axis.in];
    }
    kernels::copy_strided(k.kernels(), in.data.get(), k.result().data.get(), size_of(in.dtype), what);
  });
  op.code_with([](CodeContext& k) -> std::optional<std::vector<Edge>> {
    const auto axes = strided_slice(k);
    return axes ? sliced_code(k, *axes) : std::nullopt;
  });
  op.sample({dims({4, 5}), given_i32({1, 2}), given_i32({3, 5}), given_i32({1, 2})});
  op.sample({dims({4, 5, 3}), given_i32({0, -1}), given_i32({0, -4}), given_i32({1, -2})},
            {{"begin_mask", 1}, {"end_mask", 1}});
  op.sample({dims({4, 5, 3}), given_i32({1, 0, 2}), given_i32({2, 0, 3}), given_i32({1, 1, 1})},
            {{"ellipsis_mask", 2}, {"shrink_axis_mask", 1}});
  op.sample({dims({4, 5}), given_i32({0, 0, 1}), given_i32({0, 0, 3}), given_i32({1, 1, 1})},
            {{"begin_mask", 1}, {"end_mask", 1}, {"new_axis_mask", 2}});
  op.sample({dims({6}), given_i32({4}), given_i32({2}), given_i32({1})});
}
