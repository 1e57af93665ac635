#include "cards/unique.h"

#include <cstring>
#include <map>
#include <string_view>
#include <unordered_map>

#include "cards/ints.h"
#include "kernels/move.h"

namespace keraft::cards {

void unique_shape(ShapeContext& s, bool with_axis, bool counts) {
  if (!with_axis) need_rank(s, 0, 1);
  const Shape& in = s.shape(0);
  const auto axes = with_axis ? s.numbers(1) : std::vector<int64_t>{};
  if (axes && axes->size() > 1) s.fail("needs one axis");
  const Dim count = unknown_dim(s, 0, 0);
  const DType index = s.type("out_idx");
  if (!in.has_rank() || !axes) {
    s.out(0, s.dtype(0), Shape());
    s.out(1, index, Shape{unknown_dim(s, 1, 0)});
  } else {
    if (axes->empty()) need_rank(s, 0, 1);
    const size_t axis = s.axis(axes->empty() ? 0 : axes->front(), in.rank());
    Dims out = in.dims();
    out[axis] = count;
    s.out(0, s.dtype(0), out);
    s.out(1, index, Shape{in[axis]});
  }
  if (counts) s.out(2, index, Shape{count});
}

void unique(KernelContext& k, std::optional<size_t> axis, bool counts) {
  const Array& in = k.array(0);
  const size_t along = axis.value_or(0);
  // Elements are compared as bytes of a row; the two zeros are one.
  Array rows = in;
  int64_t outer = 1, inner = 1;
  for (size_t i = 0; i < in.dims.size(); ++i) {
    if (i < along) outer *= in.dims[i];
    if (i > along) inner *= in.dims[i];
  }
  const int64_t size = in.dims[along];
  const size_t element = size_of(in.dtype), row = static_cast<size_t>(outer * inner) * element;
  if (outer > 1 || is_floating(in.dtype)) {
    rows = k.temporary(in.dtype, in.dims);
    kernels::Strided what{{size, outer, inner}, {inner, size * inner, 1}, 0};
    kernels::copy_strided(k.kernels(), in.data.get(), rows.data.get(), element, what);
    if (is_floating(in.dtype)) {
      dispatch(k, in.dtype, AllFloats{}, [&](auto type) {
        using T = decltype(type);
        T* x = rows.as<T>();
        for (int64_t i = 0; i < rows.elements(); ++i) {
          if (x[i] == T(0)) x[i] = T(0);
        }
      });
    }
  }
  std::vector<int64_t> first, times, number;
  std::unordered_map<std::string_view, int64_t> known;
  for (int64_t i = 0; i < size; ++i) {
    const std::string_view bytes(reinterpret_cast<const char*>(rows.data.get()) + static_cast<size_t>(i) * row, row);
    const bool unequal = is_floating(in.dtype) && [&] {  // NaN is no other's equal
      bool found = false;
      dispatch(k, in.dtype, AllFloats{}, [&](auto type) {
        using T = decltype(type);
        const T* x = rows.as<T>() + i * outer * inner;
        for (int64_t j = 0; j < outer * inner; ++j) found = found || x[j] != x[j];
      });
      return found;
    }();
    const auto next = static_cast<int64_t>(first.size());
    const int64_t at = unequal ? next : known.try_emplace(bytes, next).first->second;
    if (at == next) {
      first.push_back(i);
      times.push_back(0);
    }
    ++times[static_cast<size_t>(at)];
    number.push_back(at);
  }
  auto dims = in.dims;
  dims[along] = static_cast<int64_t>(first.size());
  Array& out = k.result(0, dims);
  if (out.elements() > 0)
    kernels::gather_rows(k.kernels(), in.data.get(), out.data.get(), outer, size, inner * static_cast<int64_t>(element), first);
  write_ints(k, 1, number);
  if (counts) {
    k.result(2, {static_cast<int64_t>(times.size())});
    write_ints(k, 2, times);
  }
}

}  // namespace keraft::cards
