#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(transpose) {
  op.tf("Transpose").about("axes permuted");
  op.tensorflow("tf.transpose({0}, perm={1})");
  op.code("ops.transpose({0}, axes={1})");
  op.in("x").in("perm").out("y").attr("T").attr("Tperm", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    const Shape& in = s.shape(0);
    const auto perm = s.numbers(1);
    if (!in.has_rank()) return s.out(0, s.dtype(0), perm ? unknown_dims(s, 0, perm->size()) : Shape());
    if (!perm) return s.out(0, s.dtype(0), unknown_dims(s, 0, in.rank()));
    if (perm->size() != in.rank())
      s.fail("the permutation has " + std::to_string(perm->size()) + " axes for shape " + in.text());
    Dims out;
    std::vector<bool> used(in.rank(), false);
    for (const int64_t axis : *perm) {
      const size_t at = s.axis(axis, in.rank());
      if (used[at]) s.fail("axis " + std::to_string(axis) + " comes twice");
      used[at] = true;
      out.push_back(in[at]);
    }
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto steps = kernels::row_major(in.dims);
    kernels::Strided what;
    for (const int64_t axis : ints_of(k, 1)) {
      const size_t at = k.axis(axis, in.dims.size());
      what.dims.push_back(in.dims[at]);
      what.steps.push_back(steps[at]);
    }
    kernels::copy_strided(k.kernels(), in.data.get(), k.result().data.get(), size_of(in.dtype), what);
  });
  op.sample({dims({2, 3, 4}), given_i32({2, 0, 1})});
  op.sample({dims({3, 5}), given_i32({1, 0})});
  op.sample({dims({2, 3, 17, 19}), given_i32({0, 2, 3, 1})});
  op.sample({dims({}), given_i32(std::vector<int32_t>{})});
}
