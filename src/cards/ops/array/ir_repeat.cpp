#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

/// keraft's own: what TensorFlow says with ExpandDims, Tile and Reshape, or with Split and ConcatV2.
KERAFT_OP(ir_repeat) {
  op.tf("ir/Repeat").about("each step of an axis several times").in("x").out("y").attr("axis").attr("times");
  op.code("ops.repeat({0}, {times}, axis={axis})");
  op.shape([](ShapeContext& s) {
    const Shape& in = s.shape(0);
    if (!in.has_rank()) return s.out(0, s.dtype(0), Shape());
    if (s.integer("times") < 0) s.fail("times is " + std::to_string(s.integer("times")));
    Dims out = in.dims();
    Dim& size = out[s.axis(s.integer("axis"), in.rank())];
    size = size * Dim(s.integer("times"));
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto steps = kernels::row_major(in.dims);
    const size_t axis = k.axis(k.integer("axis"), in.dims.size());
    kernels::Strided what;
    for (size_t i = 0; i < in.dims.size(); ++i) {
      what.dims.push_back(in.dims[i]);
      what.steps.push_back(steps[i]);
      if (i != axis) continue;
      what.dims.push_back(k.integer("times"));
      what.steps.push_back(0);
    }
    kernels::copy_strided(k.kernels(), in.data.get(), k.result().data.get(), size_of(in.dtype), what);
  });
  op.sample({dims({2, 3})}, {{"axis", 1}, {"times", 2}});
  op.sample({dims({2, 3, 4})}, {{"axis", 0}, {"times", 3}});
  op.sample({dims({2, 0, 4})}, {{"axis", -1}, {"times", 1}});
}
