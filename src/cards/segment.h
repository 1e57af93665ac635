// Sums and their like over rows that share a number.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Shape, kernel and samples of SegmentSum and its like: rows of input 0, in segments that input 1 numbers in rising order.
/// `nothing` is the result of a number without rows; `finish` turns a sum and its number of rows into the result.
template <class... T, class Join, class Finish>
void segments(OpCard& card, Types<T...> types, int nothing, Join join, Finish finish) {
  card.in("data").in("segment_ids").out("output").attr("T").attr("Tindices");
  card.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    if (!s.shape(0).has_rank()) return s.out(0, s.dtype(0), Shape());
    Dims out = s.shape(0).dims();
    if (out.empty()) s.fail("needs rows");
    if (s.shape(1).has_rank()) unify(s, Shape{out[0]}, s.shape(1));
    out[0] = unknown_dim(s, 0, 0);
    s.out(0, s.dtype(0), out);
  });
  card.kernel([types, nothing, join, finish](KernelContext& k) {
    const Array& in = k.array(0);
    const auto ids = ints_of(k, 1);
    for (size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] < 0 || ids[i] >= int64_t{1} << 40 || (i > 0 && ids[i] < ids[i - 1])) k.fail("the segments do not rise from 0");
    }
    auto dims = in.dims;
    dims[0] = ids.empty() ? 0 : ids.back() + 1;
    const int64_t row = ids.empty() ? 0 : in.elements() / in.dims[0];
    Array& out = k.result(0, dims);
    dispatch(k, in.dtype, types, [&](auto type) {
      using V = decltype(type);
      V* y = out.as<V>();
      std::fill_n(y, out.elements(), V(nothing));
      for (size_t i = 0; i < ids.size();) {
        const size_t first = i;
        V* to = y + ids[first] * row;
        for (; i < ids.size() && ids[i] == ids[first]; ++i) {
          const V* x = in.as<V>() + static_cast<int64_t>(i) * row;
          for (int64_t c = 0; c < row; ++c) to[c] = i == first ? x[c] : static_cast<V>(join(to[c], x[c]));
        }
        for (int64_t c = 0; c < row; ++c) to[c] = static_cast<V>(finish(to[c], static_cast<int64_t>(i - first)));
      }
    });
  });
  card.sample({dims({5, 3}), given_i32({0, 0, 1, 1, 1})});
  card.sample({dims({4}), given_i32({0, 2, 2, 5})});
  card.sample({dims({3, 2, 2}), given<int64_t>(DType::i64, {3}, {1, 1, 3})});
  card.sample({dims({0, 2}), given_i32(std::vector<int32_t>{})});
}
template <class... T, class Join>
void segments(OpCard& card, Types<T...> types, int nothing, Join join) {
  segments(card, types, nothing, join, [](auto sum, int64_t) { return sum; });
}

/// Numbers for whole rows, as keras.ops wants them.
inline bool numbers_of_rows(const ShapeContext& s) { return s.shape(1).has_rank() && s.shape(1).rank() == 1; }

/// The same of UnsortedSegmentSum and its like: the numbers stand in any order, each for a slice of input 0; a negative one
/// leaves its slice out. `nothing(T{})` is where joining starts.
template <class... T, class Nothing, class Join>
void unsorted_segments(OpCard& card, Types<T...> types, Nothing nothing, Join join) {
  card.in("data")
      .in("segment_ids")
      .in("num_segments")
      .out("output")
      .attr("T")
      .attr("Tindices")
      .attr("Tnumsegments", DType::i32);
  card.shape([](ShapeContext& s) {
    const Shape &in = s.shape(0), &ids = s.shape(1);
    const auto& count = s.ints(2);
    if (!in.has_rank() || !ids.has_rank()) return s.out(0, s.dtype(0), Shape());
    if (ids.rank() > in.rank()) s.fail("the numbers " + ids.text() + " have more axes than the data " + in.text());
    const auto part = in.dims().begin() + static_cast<std::ptrdiff_t>(ids.rank());
    unify(s, Dims(in.dims().begin(), part), ids);
    if (count) need_sizes(s, *count);
    Dims out{count ? count->at(0) : unknown_dim(s, 0, 0)};
    out.insert(out.end(), part, in.dims().end());
    s.out(0, s.dtype(0), out);
  });
  card.kernel([types, nothing, join](KernelContext& k) {
    const Array& in = k.array(0);
    const auto ids = ints_of(k, 1);
    Array& out = k.result();
    const int64_t row = ids.empty() ? 0 : in.elements() / static_cast<int64_t>(ids.size());
    dispatch(k, in.dtype, types, [&](auto type) {
      using V = decltype(type);
      V* y = out.as<V>();
      std::fill_n(y, out.elements(), static_cast<V>(nothing(type)));
      for (size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] < 0) continue;
        if (ids[i] >= out.dims[0])
          k.fail("segment " + std::to_string(ids[i]) + " is outside of 0…" + std::to_string(out.dims[0] - 1));
        const V* x = in.as<V>() + static_cast<int64_t>(i) * row;
        V* to = y + ids[i] * row;
        for (int64_t c = 0; c < row; ++c) to[c] = static_cast<V>(join(to[c], x[c]));
      }
    });
  });
  card.sample({dims({5, 3}), given_i32({2, 0, -1, 2, 2}), scalar_i32(4)});
  card.sample({dims({2, 3, 2}), given<int32_t>(DType::i32, {2, 3}, {0, 1, 0, 1, 1, 1}), scalar_i32(2)});
  card.sample({dims({4}), given<int64_t>(DType::i64, {4}, {0, 2, 2, 5}), given<int64_t>(DType::i64, {}, {7})},
              {{"Tnumsegments", DType::i64}});
  card.sample({dims({0, 2}), given_i32(std::vector<int32_t>{}), scalar_i32(2)});
}

/// The same of SparseSegmentSum and its like: the rows are picked by indices, input 1; numbers are input 2.
template <class Scale>
void sparse_segments(OpCard& card, Scale scale) {
  card.in("data")
      .in("indices")
      .in("segment_ids")
      .out("output")
      .attr("T")
      .attr("Tidx", DType::i32)
      .attr("Tsegmentids", DType::i32);
  card.attr("sparse_gradient", false);
  card.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    need_rank(s, 2, 1);
    unify(s, s.shape(1), s.shape(2));
    if (!s.shape(0).has_rank()) return s.out(0, s.dtype(0), Shape());
    Dims out = s.shape(0).dims();
    if (out.empty()) s.fail("needs rows");
    out[0] = unknown_dim(s, 0, 0);
    s.out(0, s.dtype(0), out);
  });
  card.kernel(with_halves([scale](KernelContext& k) {
    const Array& in = k.array(0);
    const auto rows = ints_of(k, 1), ids = ints_of(k, 2);
    for (size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] < 0 || ids[i] >= int64_t{1} << 40 || (i > 0 && ids[i] < ids[i - 1])) k.fail("the segments do not rise from 0");
      if (rows[i] < 0 || rows[i] >= in.dims[0]) k.fail("index " + std::to_string(rows[i]) + " is outside");
    }
    auto dims = in.dims;
    dims[0] = ids.empty() ? 0 : ids.back() + 1;
    const int64_t row = ids.empty() ? 0 : in.elements() / in.dims[0];
    Array& out = k.result(0, dims);
    dispatch(k, in.dtype, AllNumbers{}, [&](auto type) {
      using V = decltype(type);
      V* y = out.as<V>();
      std::fill_n(y, out.elements(), V(0));
      for (size_t i = 0; i < ids.size();) {
        const size_t first = i;
        V* to = y + ids[first] * row;
        for (; i < ids.size() && ids[i] == ids[first]; ++i) {
          const V* x = in.as<V>() + rows[i] * row;
          for (int64_t c = 0; c < row; ++c) to[c] = plus(to[c], x[c]);
        }
        const V by = static_cast<V>(scale(static_cast<V>(i - first)));
        for (int64_t c = 0; c < row; ++c) to[c] = times(to[c], by);
      }
    });
  }));
  card.sample({dims({5, 3}), given_i32({4, 0, 0, 2}), given_i32({0, 0, 1, 1})});
  card.sample({dims({4, 2, 2}), given_i32({1, 3, 2}), given_i32({0, 0, 3})});
  card.sample({dims({4, 1}), given<int64_t>(DType::i64, {3}, {1, 3, 2}), given_i32({1, 1, 1})}, {{"Tidx", DType::i64}});
  card.sample({dims({4, 2}), given_i32(std::vector<int32_t>{}), given_i32(std::vector<int32_t>{})});
}

}  // namespace keraft::cards
