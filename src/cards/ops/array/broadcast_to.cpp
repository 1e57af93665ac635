#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(broadcast_to) {
  op.tf("BroadcastTo").about("a tensor repeated to a larger shape");
  op.tensorflow("tf.broadcast_to({0}, {1})");
  op.code("ops.broadcast_to({0}, shape={1})");
  op.in("input").in("shape").out("output").attr("T").attr("Tidx", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    const auto& target = s.ints(1);
    if (!target) return s.out(0, s.dtype(0), Shape());
    need_sizes(s, *target);
    const Shape both = broadcast(s, s.shape(0), *target);
    if (both.has_rank() && (both.rank() != target->size() || (both.known() && both != Shape(*target)))) {
      s.fail("cannot broadcast " + s.shape(0).text() + " to " + Shape(*target).text());
    }
    s.out(0, s.dtype(0), *target);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    Array& out = k.result();
    const auto steps = kernels::row_major(in.dims);
    kernels::Strided what;
    what.dims = out.dims;
    what.steps.assign(out.dims.size(), 0);
    for (size_t i = 0; i < in.dims.size(); ++i) {
      if (in.dims[i] != 1) what.steps[i + out.dims.size() - in.dims.size()] = steps[i];
    }
    kernels::copy_strided(k.kernels(), in.data.get(), out.data.get(), size_of(in.dtype), what);
  });
  op.sample({dims({3, 1}), given_i32({2, 3, 4})});
  op.sample({dims({}), given_i32({2, 2})});
  op.sample({dims({4}), given_i32({3, 4})});
}
