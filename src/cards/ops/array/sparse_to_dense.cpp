#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(sparse_to_dense) {
  op.tf("SparseToDense").about("a tensor of one value but for some elements");
  op.in("sparse_indices").in("output_shape").in("sparse_values").in("default_value").out("dense");
  op.attr("validate_indices", true).attr("T").attr("Tindices");
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    const auto& sizes = s.ints(1);
    if (sizes) need_sizes(s, *sizes);
    s.out(0, s.dtype(2), sizes ? Shape(*sizes) : Shape());
  });
  op.kernel([](KernelContext& k) {
    const Array &values = k.array(2), &rest = k.array(3);
    Array& out = k.result();
    const auto indices = ints_of(k, 0);
    const size_t element = size_of(out.dtype), rank = out.dims.size(), given = k.array(0).dims.size();
    const size_t count = given == 0 ? 1 : static_cast<size_t>(k.array(0).dims[0]);
    if (values.dtype != rest.dtype || rest.elements() != 1) k.fail("default_value is not one number of the values' type");
    if (given > 2 || indices.size() != count * rank ||
        (!values.dims.empty() && values.elements() != static_cast<int64_t>(count)))
      k.fail("the indices do not fit the values or output_shape");
    kernels::fill(out.data.get(), out.elements(), rest.data.get(), element);
    for (size_t i = 0; i < count; ++i) {
      size_t at = 0;
      for (size_t axis = 0; axis < rank; ++axis) {
        const int64_t index = indices[i * rank + axis];
        if (index < 0 || index >= out.dims[axis]) k.fail("an index is outside of " + Shape::of(out.dims).text());
        at = at * static_cast<size_t>(out.dims[axis]) + static_cast<size_t>(index);
      }
      std::copy_n(values.data.get() + (values.dims.empty() ? 0 : i) * element, element, out.data.get() + at * element);
    }
  });
  op.sample({given<int32_t>(DType::i32, {2, 2}, {0, 1, 2, 0}), given_i32({3, 2}), dims({2}), dims({})});
  op.sample({given_i32({1, 4}), given_i32({5}), dims({}), dims({})});
  op.sample({given<int64_t>(DType::i64, {}, {2}), given<int64_t>(DType::i64, {1}, {4}), dims({}), dims({})});
  op.sample({given<int32_t>(DType::i32, {0, 2}, {}), given_i32({2, 2}), dims({0}), dims({})});
}
