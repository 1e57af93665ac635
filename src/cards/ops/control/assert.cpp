#include "cards/shapes.h"

KERAFT_OP(assert) {
  op.tf("Assert").about("nothing when the condition holds, else an error").stateful();
  op.in("condition").in_list("data").attr("T").attr("summarize", 3);
  op.shape([](ShapeContext& s) { need_rank(s, 0, 0); });
  op.kernel([](KernelContext& k) {
    if (k.array(0).dtype != DType::boolean) k.fail("the condition is not bool");
    if (!*k.array(0).as<uint8_t>()) k.fail("the condition does not hold");
  });
  op.sample({given_bool({}, {1}), dims({2})});
  op.sample({given_bool({}, {1}), dims({}), given_i32({1, 2})});
  op.sample({given_bool({}, {1}), dims({0})}, {{"summarize", 1}});
}
