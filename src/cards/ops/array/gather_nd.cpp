#include "cards/slice_index.h"
#include "kernels/move.h"

KERAFT_OP(gather_nd) {
  op.tf("GatherNd").about("slices picked by indices that count into several axes");
  op.in("params").in("indices").out("output").attr("Tparams").attr("Tindices").attr("bad_indices_policy", "");
  op.shape([](ShapeContext& s) {
    const Shape &params = s.shape(0), &indices = s.shape(1);
    const auto depth = index_depth(s, 1, params.has_rank() ? std::optional(params.rank()) : std::nullopt);
    if (!depth || !params.has_rank()) return s.out(0, s.dtype(0), Shape());
    Dims out(indices.dims().begin(), indices.dims().end() - 1);
    out.insert(out.end(), params.dims().begin() + static_cast<std::ptrdiff_t>(*depth), params.dims().end());
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const size_t depth = *index_depth(k, 1, in.dims.size());
    const auto slices = slice_numbers(k, 1, in.dims, depth);
    const auto row = slice_size(in.dims, depth) * static_cast<int64_t>(size_of(in.dtype));
    Array& out = k.result();
    if (out.elements() == 0) return;
    kernels::gather_rows(k.kernels(), in.data.get(), out.data.get(), 1, in.elements() / slice_size(in.dims, depth), row,
                         slices);
  });
  op.sample({dims({4, 3}), given<int32_t>(DType::i32, {3, 1}, {2, 0, 2})});
  op.sample({dims({4, 3, 2}), given<int32_t>(DType::i32, {2, 1, 2}, {1, 2, 3, 0})});
  op.sample({dims({2, 2}), given<int64_t>(DType::i64, {2, 2}, {0, 1, 1, 0})});
  op.sample({dims({2, 3}), given<int32_t>(DType::i32, {2, 0}, {})});
  op.sample({dims({5}), given<int32_t>(DType::i32, {1}, {3})});
}
