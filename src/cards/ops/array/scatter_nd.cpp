#include <cstring>
#include "cards/slice_index.h"

KERAFT_OP(scatter_nd) {
  op.tf("ScatterNd").about("zeros with slices added where indices say").fidelity(Fidelity::rounding);
  op.code("ops.scatter({0}, {1}, {2})");
  op.in("indices").in("updates").in("shape").out("output").attr("T").attr("Tindices").attr("bad_indices_policy", "");
  op.shape([](ShapeContext& s) {
    need_rank(s, 2, 1);
    const auto& sizes = s.ints(2);
    if (!sizes) return s.out(0, s.dtype(1), Shape());
    need_sizes(s, *sizes);
    index_depth(s, 0, sizes->size());
    s.out(0, s.dtype(1), *sizes);
  });
  op.kernel([](KernelContext& k) {
    Array& out = k.result();
    std::memset(out.data.get(), 0, out.bytes());
    scatter(k, out, 0, 1, Reals{} + Types<Boolean>{}, [](auto a, auto b) { return plus(a, b); });
  });
  op.sample({given<int32_t>(DType::i32, {3, 1}, {2, 0, 2}), dims({3, 3}), given_i32({4, 3})});
  op.sample({given<int32_t>(DType::i32, {2, 1, 2}, {1, 2, 3, 0}), dims({2, 1}), given_i32({4, 3})});
  op.sample({given<int64_t>(DType::i64, {4, 1}, {0, 4, 3, 1}), dims({4}), given<int64_t>(DType::i64, {1}, {6})});
  op.sample({given<int32_t>(DType::i32, {0, 1}, {}), dims({0, 2}), given_i32({3, 2})});
}
