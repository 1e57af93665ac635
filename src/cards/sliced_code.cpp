#include "cards/calls.h"
#include "cards/number_tensor.h"
#include "cards/slices.h"

namespace keraft::cards {
namespace {

/// Several keys of one GetItem load from Keras 3.2 on; cuts and single picks from 3.0.5 on.
Operand cut(CodeContext& k, Operand x, const SliceAxis& axis, const Dim& all) {
  const int64_t begin = *axis.begin;
  const Value where(static_cast<int64_t>(axis.in));
  std::vector<int64_t> cuts;
  if (begin > 0) cuts.push_back(begin);
  const bool to_the_end = axis.size + Dim(begin) == all;
  if (!to_the_end) cuts.push_back(begin + axis.size.value());
  return called(k, "Split",
                {{"x", std::move(x)}, {"indices_or_sections", literal(Value::ints(cuts))}, {"axis", literal(where)}},
                begin > 0 ? 1 : 0);
}

Operand pick(CodeContext& k, Operand x, const SliceAxis& axis) {
  std::vector<double> indices;
  for (int64_t i = 0; i < axis.size.value(); ++i) indices.push_back(static_cast<double>(*axis.begin + i * axis.stride));
  const auto count = static_cast<int64_t>(indices.size());
  const Tensor tensor = axis.dropped ? number_tensor(DType::i32, {}, std::vector<double>{static_cast<double>(*axis.begin)})
                                     : number_tensor(DType::i32, {count}, indices);
  const Value where(static_cast<int64_t>(axis.in));
  return called(k, "Take", {{"x", std::move(x)}, {"indices", literal(tensor)}, {"axis", literal(where)}});
}

}  // namespace

std::optional<std::vector<Edge>> sliced_code(CodeContext& k, const std::vector<SliceAxis>& axes) {
  constexpr int64_t most_picks = 1024;
  const Shape& in = k.shape(0);
  Operand x = k.input(0);
  if (!in.has_rank() || !x.is_tensor()) return std::nullopt;
  for (const SliceAxis& axis : axes) {
    if (axis.added || axis.dropped) continue;
    const Dim& all = in[axis.in];
    if (axis.stride == 1 && axis.size == all) continue;
    if (!axis.begin) return std::nullopt;
    const bool known = axis.size.known() && axis.size.value() > 0;
    if (axis.stride == 1 && *axis.begin >= 0 && (known || axis.size + Dim(*axis.begin) == all)) {
      x = cut(k, std::move(x), axis, all);
    } else if (known && axis.size.value() <= most_picks) {
      x = pick(k, std::move(x), axis);
    } else {
      return std::nullopt;
    }
  }
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    if (!axis->dropped) continue;
    if (!axis->begin) return std::nullopt;
    x = pick(k, std::move(x), *axis);
  }
  int64_t at = 0;
  for (const SliceAxis& axis : axes) {
    if (axis.dropped) continue;
    if (axis.added) x = called(k, "ExpandDims", {{"x", std::move(x)}, {"axis", literal(Value(at))}});
    ++at;
  }
  return std::vector<Edge>{x.edge};
}

}  // namespace keraft::cards
