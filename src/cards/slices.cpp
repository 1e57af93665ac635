#include "cards/slices.h"

#include <algorithm>
#include <limits>

#include "cards/shapes.h"

namespace keraft::cards {
namespace {

struct Bounds {
  std::optional<Dim> begin, end;  ///< nothing: masked
  int64_t stride;
};

int64_t clamp_index(int64_t index, int64_t size, int64_t stride) {
  if (index < 0) index = index < -size ? -1 : index + size;
  const int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? size : size - 1;
  return std::clamp(index, low, high);
}

void known_range(SliceAxis& axis, int64_t size, const Bounds& b) {
  const int64_t first = b.stride > 0 ? 0 : size - 1, past = b.stride > 0 ? size : -1;
  const int64_t begin = b.begin ? clamp_index(b.begin->value(), size, b.stride) : first;
  const int64_t end = b.end ? clamp_index(b.end->value(), size, b.stride) : past;
  const int64_t span = b.stride > 0 ? end - begin : begin - end;
  const int64_t step = b.stride > 0 ? b.stride : -b.stride;
  axis.begin = begin;
  axis.size = span <= 0 ? 0 : (span - 1) / step + 1;
}

/// A size that is a symbol: what does not depend on clamping; an index from the end is taken to lie inside.
std::optional<Dim> symbolic_range(SliceAxis& axis, const Dim& size, const Bounds& b) {
  if (b.stride < 0) return !b.begin && !b.end ? std::optional(size.ceil_div(Dim(-b.stride))) : std::nullopt;
  Dim begin = 0, end = size;
  if (b.begin) {
    if (!b.begin->known()) return std::nullopt;
    begin = b.begin->value() < 0 ? size + *b.begin : *b.begin;
  }
  if (b.end && *b.end != size) {
    if (!b.end->known()) return std::nullopt;
    if (b.end->value() == std::numeric_limits<int64_t>::max() || b.end->value() == std::numeric_limits<int32_t>::max()) {
      end = size;
    } else if (b.end->value() < 0) {
      end = size + *b.end;
    } else if (begin.is(0) && b.end->is(0)) {
      end = 0;
    } else {
      return std::nullopt;
    }
  }
  if (begin.known()) axis.begin = begin.value();
  const Dim span = end - begin;
  if (span.known() && span.value() <= 0) return Dim(0);
  return b.stride == 1 ? span : span.ceil_div(Dim(b.stride));
}

}  // namespace

std::optional<std::vector<SliceAxis>> strided_slice(const ShapeContext& s) {
  const Shape& shape = s.shape(0);
  const auto &begin = s.ints(1), &end = s.ints(2);
  const auto strides = s.numbers(3);
  if (!shape.has_rank() || !begin || !end || !strides) return std::nullopt;
  const size_t specs = begin->size();
  if (end->size() != specs || strides->size() != specs || specs > 32) s.fail("begin, end and strides differ in length");
  const int64_t begin_mask = s.integer("begin_mask"), end_mask = s.integer("end_mask"), ellipsis = s.integer("ellipsis_mask"),
                added = s.integer("new_axis_mask"), shrink = s.integer("shrink_axis_mask");
  const auto bit = [](int64_t mask, size_t i) { return (mask >> i & 1) != 0; };

  size_t used = 0, ellipses = 0;
  for (size_t i = 0; i < specs; ++i) {
    if (bit(ellipsis, i))
      ++ellipses;
    else if (!bit(added, i))
      ++used;
  }
  const size_t rank = shape.rank();
  if (ellipses > 1) s.fail("more than one ellipsis");
  if (used > rank) s.fail("slices " + std::to_string(used) + " axes of " + shape.text());

  std::vector<SliceAxis> out;
  size_t in = 0;
  const auto whole = [&](size_t count) {
    for (size_t i = 0; i < count; ++i, ++in) {
      SliceAxis axis;
      axis.in = in;
      axis.size = shape[in];
      axis.begin = 0;
      out.push_back(axis);
    }
  };
  for (size_t i = 0; i < specs; ++i) {
    if (bit(ellipsis, i)) {
      whole(rank - used);
      continue;
    }
    SliceAxis axis;
    if (bit(added, i)) {
      axis.added = true;
      axis.size = 1;
      out.push_back(axis);
      continue;
    }
    axis.in = in;
    axis.stride = (*strides)[i];
    if (axis.stride == 0 || axis.stride == std::numeric_limits<int64_t>::min()) s.fail("stride " + std::to_string(axis.stride));
    const Dim& size = shape[in++];
    if (bit(shrink, i)) {
      axis.dropped = true;
      axis.size = 1;
      if (axis.stride < 0) s.fail("a dropped axis needs a positive stride");
      const Dim& index = (*begin)[i];
      if (index.known() && size.known()) {
        const int64_t at = index.value() < 0 ? index.value() + size.value() : index.value();
        if (at < 0 || at >= size.value()) s.fail("index " + index.text() + " is outside of " + shape.text());
        axis.begin = at;
      } else if (index.known() && index.value() >= 0) {
        axis.begin = index.value();
      }
      axis.stride = 1;
      out.push_back(axis);
      continue;
    }
    Bounds bounds{{}, {}, axis.stride};
    if (!bit(begin_mask, i)) bounds.begin = (*begin)[i];
    if (!bit(end_mask, i)) bounds.end = (*end)[i];
    const bool numbers = size.known() && (!bounds.begin || bounds.begin->known()) && (!bounds.end || bounds.end->known());
    if (numbers) {
      known_range(axis, size.value(), bounds);
    } else if (const auto found = symbolic_range(axis, size, bounds)) {
      axis.size = *found;
    } else {
      axis.size = unknown_dim(s, 0, out.size());
    }
    out.push_back(axis);
  }
  whole(rank - in);
  return out;
}

}  // namespace keraft::cards
