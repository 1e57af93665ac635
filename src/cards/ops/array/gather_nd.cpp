#include <algorithm>
#include "cards/calls.h"
#include "cards/number_tensor.h"
#include "cards/slice_index.h"
#include "kernels/move.h"

namespace keraft::cards {
namespace {

/// Indices into several axes as one index into those axes joined.
std::optional<std::vector<Edge>> gather_nd_code(CodeContext& k) {
  const Shape& in = k.shape(0);
  const auto depth = index_depth(k, 1, in.has_rank() ? std::optional(in.rank()) : std::nullopt);
  if (!depth || *depth < 1 || !in.has_rank()) return std::nullopt;
  std::vector<int64_t> joined{-1}, steps(*depth, 1);
  Dim rows = in[0], step = 1;
  for (size_t i = 1; i < in.rank(); ++i) {
    if (i < *depth && !in[i].known()) return std::nullopt;
    if (i < *depth) rows = rows * in[i];
    if (i >= *depth) joined.push_back(in[i].known() ? in[i].value() : -1);
  }
  if (in[0].known()) joined[0] = rows.value();
  if (*depth > 1 && std::count(joined.begin(), joined.end(), -1) > 1) return std::nullopt;
  for (size_t i = *depth; i-- > 1;) {
    step = step * in[i];
    steps[i - 1] = step.value();
  }
  Operand params = k.input(0), at = k.input(1);
  if (const Tensor* given = at.value.get<Tensor>()) {
    const auto all = to_ints(*given);
    std::vector<double> flat(all.size() / *depth);
    for (size_t i = 0; i < all.size(); ++i) {
      const Dim& size = in[i % *depth];
      if (all[i] < 0 || (size.known() && all[i] >= size.value())) return std::nullopt;
      flat[i / *depth] += static_cast<double>(all[i]) * static_cast<double>(steps[i % *depth]);
    }
    if (std::any_of(flat.begin(), flat.end(), [](double index) { return index > 0x7fffffff; })) return std::nullopt;
    at = literal(number_tensor(DType::i32, {given->dims.begin(), given->dims.end() - 1}, flat));
  } else if (*depth == 1) {
    at = called(k, "Squeeze", {{"x", at}, {"axis", literal(int64_t{-1})}});
  } else {
    const std::vector<double> by(steps.begin(), steps.end());
    const Tensor factors = number_tensor(k.dtype(1), {static_cast<int64_t>(*depth)}, by);
    at = called(k, "Sum", {{"x", both(k, "Multiply", at, literal(factors))}, {"axis", literal(int64_t{-1})}});
  }
  if (const Tensor* table = params.value.get<Tensor>()) {
    params = literal(reshaped(*table, joined));
  } else if (*depth > 1) {
    params = called(k, "Reshape", {{"x", params}, {"newshape", literal(Value::ints(joined))}});
  }
  return std::vector<Edge>{called(k, "Take", {{"x", params}, {"indices", at}, {"axis", literal(int64_t{0})}}).edge};
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(gather_nd) {
  op.tf("GatherNd").about("slices picked by indices that count into several axes");
  op.tensorflow("tf.gather_nd({0}, {1})");
  op.code_with(gather_nd_code);
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
