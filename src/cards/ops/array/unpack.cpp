#include "cards/join.h"
#include "cards/shapes.h"

KERAFT_OP(unpack) {
  op.tf("Unpack").about("a tensor cut into slices along an axis, which goes");
  op.tensorflow("tf.unstack({value}, num={num}, axis={axis})");
  op.code("ops.unstack({0}, num={num}, axis={axis})");
  op.in("value").out_list("output").attr("num").attr("T").attr("axis", 0);
  op.shape([](ShapeContext& s) {
    const int64_t count = s.integer("num");
    if (count < 0 || count > 1'000'000) s.fail("num is " + std::to_string(count));
    const Shape& in = s.shape(0);
    Shape one;
    if (in.has_rank()) {
      Dims out = in.dims();
      const size_t axis = s.axis(s.integer("axis"), out.size());
      if (out[axis].known() && !out[axis].is(count)) s.fail("cuts " + in.text() + " into " + std::to_string(count));
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(axis));
      one = out;
    }
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) s.out(i, s.dtype(0), one);
  });
  op.ints_list([](const ShapeContext& s) {
    std::vector<std::optional<Dims>> out;
    if (s.ints(0) && s.shape(0).has_rank() && s.shape(0).rank() == 1) {
      for (const Dim& dim : *s.ints(0)) out.push_back(Dims{dim});
    }
    return out;
  });
  op.kernel([](KernelContext& k) {
    const size_t axis = k.axis(k.integer("axis"), k.array(0).dims.size());
    cut(k, k.array(0), axis, std::vector<int64_t>(k.outputs().size(), 1));
  });
  op.sample({dims({2, 3})}, {{"num", 2}});
  op.sample({dims({2, 3, 4})}, {{"num", 3}, {"axis", 1}});
  op.sample({dims({3})}, {{"num", 3}, {"axis", -1}});
}
