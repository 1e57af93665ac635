#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(sparse_fill_empty_rows) {
  op.tf("SparseFillEmptyRows").about("a sparse tensor with a value in each row that had none");
  op.in("indices").in("values").in("dense_shape").in("default_value");
  op.out("output_indices").out("output_values").out("empty_row_indicator").out("reverse_index_map").attr("T");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 2);
    need_rank(s, 1, 1);
    need_rank(s, 2, 1);
    const auto& sizes = s.ints(2);
    const Dim found = unknown_dim(s, 0, 0);
    const Dim rank = s.shape(0).has_rank() ? s.shape(0)[1] : unknown_dim(s, 0, 1);
    s.out(0, DType::i64, Shape{found, rank});
    s.out(1, s.dtype(1), Shape{found});
    s.out(2, DType::boolean, Shape{sizes && !sizes->empty() ? sizes->front() : unknown_dim(s, 2, 0)});
    s.out(3, DType::i64, Shape{s.shape(1).has_rank() ? s.shape(1)[0] : unknown_dim(s, 3, 0)});
  });
  op.kernel([](KernelContext& k) {
    const Array &indices = k.array(0), &values = k.array(1), &rest = k.array(3);
    const auto sizes = ints_of(k, 2);
    const auto rank = static_cast<int64_t>(sizes.size()), count = values.elements();
    if (indices.dtype != DType::i64 || sizes.empty() || indices.dims != std::vector<int64_t>{count, rank} || sizes[0] < 0)
      k.fail("indices, values and dense_shape do not fit each other");
    if (rest.dtype != values.dtype || rest.elements() != 1) k.fail("default_value is not one number of the values' type");
    const auto* index = indices.as<int64_t>();
    Array starts = k.temporary(DType::i64, {sizes[0]});
    int64_t* start = starts.as<int64_t>();
    std::fill_n(start, sizes[0], int64_t{0});
    for (int64_t i = 0; i < count; ++i) {
      const int64_t row = index[i * rank];
      if (row < 0 || row >= sizes[0]) k.fail("there is no row " + std::to_string(row));
      ++start[row];
    }
    int64_t all = 0;
    auto* empty = k.result(2, {sizes[0]}).as<uint8_t>();
    for (int64_t row = 0; row < sizes[0]; ++row) {
      empty[row] = start[row] == 0 ? 1 : 0;
      all += std::exchange(start[row], all) + empty[row];
    }
    const size_t element = size_of(values.dtype);
    auto* to = k.result(0, {all, rank}).as<int64_t>();
    std::byte* out = k.result(1, {all}).data.get();
    for (int64_t row = 0; row < sizes[0]; ++row) {
      if (!empty[row]) continue;
      std::fill_n(to + start[row] * rank, rank, int64_t{0});
      to[start[row] * rank] = row;
      std::copy_n(rest.data.get(), element, out + static_cast<size_t>(start[row]) * element);
    }
    auto* place = k.result(3, {count}).as<int64_t>();
    for (int64_t i = 0; i < count; ++i) {
      place[i] = start[index[i * rank]]++;
      std::copy_n(index + i * rank, rank, to + place[i] * rank);
      std::copy_n(values.data.get() + static_cast<size_t>(i) * element, element, out + static_cast<size_t>(place[i]) * element);
    }
  });
  const auto whole = [](std::vector<int64_t> sizes, const std::vector<int64_t>& values) {
    return given<int64_t>(DType::i64, std::move(sizes), values);
  };
  op.sample({whole({3, 2}, {1, 0, 1, 2, 3, 1}), dims({3}), whole({2}, {5, 3}), dims({})});
  op.sample({whole({2, 1}, {0, 1}), dims({2}), whole({1}, {2}), dims({})});
  op.sample({whole({0, 2}, {}), dims({0}), whole({2}, {3, 2}), dims({})});
  op.sample({whole({4, 3}, {2, 0, 1, 0, 1, 0, 2, 1, 1, 0, 0, 0}), dims({4}), whole({3}, {4, 2, 2}), dims({})});
}
