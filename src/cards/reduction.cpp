#include "cards/reduction.h"

#include "cards/numeric.h"

namespace keraft::cards {
namespace {

/// Marks the axes to reduce; fails on one that comes twice.
std::vector<bool> reduced_axes(const ShapeContext& s, const std::vector<int64_t>& axes, size_t rank) {
  std::vector<bool> out(rank, false);
  for (const int64_t axis : axes) {
    const size_t at = s.axis(axis, rank);
    if (out[at]) s.fail("axis " + std::to_string(axis) + " comes twice");
    out[at] = true;
  }
  return out;
}

void reduced_shape(ShapeContext& s) {
  const Shape& in = s.shape(0);
  const bool keep = s.flag("keep_dims");
  const auto axes = s.numbers(1);
  if (s.shape(1).has_rank() && s.shape(1).rank() > 1) s.fail("the axes have shape " + s.shape(1).text());
  if (!in.has_rank() || (!axes && !keep)) return s.out(0, s.dtype(0), Shape());
  if (!axes) return s.out(0, s.dtype(0), unknown_dims(s, 0, in.rank()));
  const auto gone = reduced_axes(s, *axes, in.rank());
  Dims out;
  for (size_t i = 0; i < in.rank(); ++i) {
    if (!gone[i])
      out.push_back(in[i]);
    else if (keep)
      out.push_back(1);
  }
  s.out(0, s.dtype(0), out);
}

template <class List>
void reduce_typed(KernelContext& k, kernels::ReduceOp op, List types) {
  const Array& in = k.array(0);
  const auto gone = reduced_axes(k, ints_of(k, 1), in.dims.size());
  std::vector<int> axes;
  for (size_t i = 0; i < gone.size(); ++i) {
    if (gone[i]) axes.push_back(static_cast<int>(i));
  }
  Array& out = k.result();
  dispatch(k, in.dtype, types, [&](auto type) {
    using T = std::conditional_t<std::is_same_v<decltype(type), Boolean>, uint8_t, decltype(type)>;
    kernels::reduce(k.kernels(), op, in.as<T>(), in.dims, axes, out.as<T>());
  });
}

void samples(OpCard& card) {
  card.sample({dims({2, 3, 4}), given_i32({1})});
  card.sample({dims({2, 3, 4}), given_i32({0, -1})}, {{"keep_dims", true}});
  card.sample({dims({5}), scalar_i32(0)});
  card.sample({dims({}), given_i32(std::vector<int32_t>{})});
  card.sample({dims({2, 3}), given_i32(std::vector<int32_t>{})});
  card.sample({dims({2, 7, 7, 5}), given<int64_t>(DType::i64, {2}, {1, 2})}, {{"Tidx", DType::i64}});
  card.sample({dims({2, 0, 3}), given_i32({1})});
  card.sample({dims({0, 2}), given_i32({1})});
}

}  // namespace

void reduction(OpCard& card, kernels::ReduceOp op) {
  samples(card);
  card.shape(reduced_shape).layout({.axis_inputs = {1}});
  card.kernel(with_halves([op](KernelContext& k) { reduce_typed(k, op, AllNumbers{}); }));
}

void reduction_bool(OpCard& card, kernels::ReduceOp op) {
  card.sample({given_bool({2, 3}, {1, 0, 1, 1, 1, 1}), given_i32({1})});
  card.sample({given_bool({2, 3}, {0, 0, 1, 0, 0, 1}), given_i32({0})}, {{"keep_dims", true}});
  card.sample({given_bool({2, 0}, {}), given_i32({1})});
  card.sample({given_bool({}, {1}), given_i32(std::vector<int32_t>{})});
  card.shape(reduced_shape).layout({.axis_inputs = {1}});
  card.kernel([op](KernelContext& k) {
    reduce_typed(k, op, Types<Boolean>{});
    // Of nothing, the kernel gives the extremes of its type.
    Array& out = k.result();
    auto* bytes = out.as<uint8_t>();
    for (int64_t i = 0; i < out.elements(); ++i) bytes[i] = bytes[i] != 0;
  });
}

OpCard::IntsFn reduced_ints(std::function<std::optional<Dim>(const Dim&, const Dim&)> join, std::optional<Dim> of_nothing) {
  return [join = std::move(join), of_nothing](const ShapeContext& s) -> std::optional<Dims> {
    const auto& in = s.ints(0);
    const auto axes = s.numbers(1);
    if (!in || !axes || s.shape(0).rank() > 1) return std::nullopt;
    if (axes->empty() || s.shape(0).rank() == 0) return in;
    std::optional<Dim> out = of_nothing;
    for (size_t i = 0; i < in->size(); ++i) {
      out = i == 0 ? (*in)[0] : join(*out, (*in)[i]);
      if (!out) return std::nullopt;
    }
    if (!out) return std::nullopt;
    return Dims{*out};
  };
}

}  // namespace keraft::cards
