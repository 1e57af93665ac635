#include "broadcast.h"

#include <stdexcept>

namespace keraft::kernels {

namespace {

std::int64_t length_at(std::span<const std::int64_t> shape, std::size_t rank, std::size_t axis) {
  const std::size_t missing = rank - shape.size();
  return axis < missing ? 1 : shape[axis - missing];
}

}  // namespace

std::vector<std::int64_t> broadcast_shape(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  const std::size_t rank = std::max(a.size(), b.size());
  std::vector<std::int64_t> shape(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t la = length_at(a, rank, i), lb = length_at(b, rank, i);
    if (la != lb && la != 1 && lb != 1) throw std::invalid_argument("shapes cannot be broadcast together");
    shape[i] = la == 1 ? lb : la;
  }
  return shape;
}

BroadcastPlan::BroadcastPlan(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  const std::vector<std::int64_t> shape = broadcast_shape(a, b);
  const std::size_t rank = shape.size();
  struct Merged {
    std::int64_t length;
    bool a, b;
  };
  std::vector<Merged> axes;  // last axis first, neighbours that move alike as one
  for (std::size_t i = rank; i-- > 0;) {
    if (shape[i] == 1) continue;
    const bool in_a = length_at(a, rank, i) != 1, in_b = length_at(b, rank, i) != 1;
    if (!axes.empty() && axes.back().a == in_a && axes.back().b == in_b)
      axes.back().length *= shape[i];
    else
      axes.push_back({shape[i], in_a, in_b});
  }
  if (axes.empty()) return;
  line = axes.front().length;
  move_a = axes.front().a;
  move_b = axes.front().b;
  std::int64_t stride_a = move_a ? line : 1, stride_b = move_b ? line : 1;
  for (std::size_t i = 1; i < axes.size(); ++i) {
    outer.insert(outer.begin(), {axes[i].length, axes[i].a ? stride_a : 0, axes[i].b ? stride_b : 0});
    if (axes[i].a) stride_a *= axes[i].length;
    if (axes[i].b) stride_b *= axes[i].length;
    lines *= axes[i].length;
  }
}

}  // namespace keraft::kernels
