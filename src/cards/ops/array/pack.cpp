#include "cards/join.h"
#include "cards/shapes.h"

KERAFT_OP(pack) {
  op.tf("Pack").about("tensors stacked along a new axis");
  op.tensorflow("tf.stack({values}, axis={axis})");
  op.code("ops.stack({values}, axis={axis})");
  op.in_list("values").out("output").attr("N").attr("T").attr("axis", 0);
  op.shape([](ShapeContext& s) {
    if (s.inputs() == 0) s.fail("no inputs");
    Shape one = s.shape(0);
    for (size_t i = 1; i < s.inputs(); ++i) one = unify(s, one, s.shape(i));
    if (!one.has_rank()) return s.out(0, s.dtype(0), Shape());
    Dims out = one.dims();
    const size_t axis = s.axis(s.integer("axis"), out.size() + 1);
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(axis), Dim(static_cast<int64_t>(s.inputs())));
    s.out(0, s.dtype(0), out);
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    Dims out;
    for (size_t i = 0; i < s.inputs(); ++i) {
      if (!s.ints(i) || !s.shape(i).has_rank() || s.shape(i).rank() > 1 || s.integer("axis") != 0) return std::nullopt;
      out.insert(out.end(), s.ints(i)->begin(), s.ints(i)->end());
    }
    return out;
  });
  op.kernel([](KernelContext& k) {
    const size_t axis = k.axis(k.integer("axis"), k.array(0).dims.size() + 1);
    join(k, 0, k.inputs(), axis, std::vector<int64_t>(k.inputs(), 1));
  });
  op.sample({dims({2, 3}), dims({2, 3})});
  op.sample({dims({2, 3}), dims({2, 3}), dims({2, 3})}, {{"axis", 1}});
  op.sample({dims({}), dims({})});
  op.sample({dims({2, 3})}, {{"axis", -1}});
}
