#include <cmath>
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(in_top_k_v2) {
  op.tf("InTopKV2").about("whether the prediction for the target class is among the k largest");
  op.code("ops.in_top_k({1}, {0}, {2})");
  op.in("predictions").in("targets").in("k").out("precision").attr("T", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 2);
    need_rank(s, 1, 1);
    s.out(0, DType::boolean, s.shape(0).has_rank() ? unify(s, Shape{s.shape(0)[0]}, s.shape(1)) : s.shape(1));
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    if (in.dtype != DType::f32) k.fail("the predictions are not float32");
    const auto targets = ints_of(k, 1);
    const int64_t count = ints_of(k, 2).at(0), columns = in.dims[1];
    bool* out = k.result().as<bool>();
    for (size_t r = 0; r < targets.size(); ++r) {
      const float* x = in.as<float>() + static_cast<int64_t>(r) * columns;
      bool wrong = targets[r] < 0 || targets[r] >= columns || !std::isfinite(x[targets[r]]);
      int64_t above = 0;
      for (int64_t c = 0; c < columns && !wrong; ++c) {
        wrong = !std::isfinite(x[c]);
        above += x[c] > x[targets[r]];
      }
      out[r] = !wrong && above < count;
    }
  });
  op.sample({dims({3, 5}), given_i32({0, 4, 2}), scalar_i32(2)});
  op.sample({given<float>(DType::f32, {4, 2}, {0.5F, 1, 2, 2, NAN, 1, 3, -1}), given<int64_t>(DType::i64, {4}, {0, 1, 1, -1}),
             given<int64_t>(DType::i64, {}, {1})},
            {{"T", DType::i64}});
  op.sample({dims({0, 3}), given_i32(std::vector<int32_t>{}), scalar_i32(1)});
}
