#include "cards/choose.h"
#include "cards/code_guards.h"
#include "cards/shapes.h"

KERAFT_OP(select) {
  op.tf("Select").about("elements of one tensor or of another");
  op.code("ops.where({0}, {1}, {2})", {}, one_for_each);
  op.in("condition").in("t").in("e").out("output").attr("T");
  op.shape([](ShapeContext& s) { s.out(0, s.dtype(1), unify(s, s.shape(1), s.shape(2))); });
  op.kernel([](KernelContext& k) {
    const Array& condition = k.array(0);
    const Array& then = k.array(1);
    std::vector<int64_t> as = condition.dims;
    // A vector chooses whole rows.
    if (as.size() == 1 && then.dims.size() > 1) as.resize(then.dims.size(), 1);
    if (!as.empty() && condition.dims != then.dims && (condition.dims.size() != 1 || as[0] != then.dims[0])) {
      k.fail("the condition's shape " + Shape::of(condition.dims).text() + " does not fit " + Shape::of(then.dims).text());
    }
    choose(k, as);
  });
  op.sample({given_bool({2, 3}, {1, 0, 1, 0, 0, 1}), dims({2, 3}), dims({2, 3})});
  op.sample({given_bool({2}, {1, 0}), dims({2, 3}), dims({2, 3})});
  op.sample({given_bool({}, {0}), dims({4}), dims({4})});
}
