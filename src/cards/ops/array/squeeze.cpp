#include "cards/shapes.h"

KERAFT_OP(squeeze) {
  op.tf("Squeeze").about("axes of size 1 removed");
  op.tensorflow("tf.squeeze({0}, axis={squeeze_dims})");
  op.code("ops.squeeze({0}, axis={squeeze_dims:only})");
  op.code("ops.reshape({0}, newshape={out.shape})");
  op.in("input").out("output").attr("T").attr("squeeze_dims", dims({}));
  op.layout({.axis_attrs = {"squeeze_dims"}});
  op.shape([](ShapeContext& s) {
    const Shape& in = s.shape(0);
    const auto axes = s.list("squeeze_dims");
    if (!in.has_rank()) return s.out(0, s.dtype(0), Shape());
    std::vector<bool> gone(in.rank(), false);
    for (const int64_t axis : axes) {
      const size_t at = s.axis(axis, in.rank());
      if (in[at].known() && !in[at].is(1)) s.fail("axis " + std::to_string(axis) + " of " + in.text() + " is not 1");
      gone[at] = true;
    }
    Dims out;
    for (size_t i = 0; i < in.rank(); ++i) {
      if (axes.empty() && !in[i].known()) return s.out(0, s.dtype(0), Shape());
      if (axes.empty() ? !in[i].is(1) : !gone[i]) out.push_back(in[i]);
    }
    s.out(0, s.dtype(0), out);
  });
  op.ints([](const ShapeContext& s) { return s.ints(0); });
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({1, 3, 1, 2})});
  op.sample({dims({1, 3, 1, 2})}, {{"squeeze_dims", dims({2})}});
  op.sample({dims({3, 1})}, {{"squeeze_dims", dims({-1})}});
}
