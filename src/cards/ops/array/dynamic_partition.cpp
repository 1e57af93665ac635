#include <cstring>
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(dynamic_partition) {
  op.tf("DynamicPartition").about("slices dealt out to several tensors");
  op.in("data").in("partitions").out_list("outputs").attr("num_partitions").attr("T");
  op.shape([](ShapeContext& s) {
    const int64_t count = s.integer("num_partitions");
    if (count < 1 || count > 1'000'000) s.fail("num_partitions is " + std::to_string(count));
    const Shape &in = s.shape(0), &parts = s.shape(1);
    Dims rest;
    if (in.has_rank() && parts.has_rank()) {
      if (parts.rank() > in.rank()) s.fail("the partitions " + parts.text() + " have more axes than the data " + in.text());
      const auto cut = in.dims().begin() + static_cast<std::ptrdiff_t>(parts.rank());
      unify(s, Dims(in.dims().begin(), cut), parts);
      rest.assign(cut, in.dims().end());
    }
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
      Dims out{unknown_dim(s, i, 0)};
      out.insert(out.end(), rest.begin(), rest.end());
      s.out(i, s.dtype(0), in.has_rank() && parts.has_rank() ? Shape(out) : Shape());
    }
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto parts = ints_of(k, 1);
    const size_t count = k.outputs().size(), rank = k.array(1).dims.size();
    std::vector<int64_t> sizes(count, 0);
    for (const int64_t part : parts) {
      if (part < 0 || static_cast<size_t>(part) >= count) k.fail("partition " + std::to_string(part) + " is outside");
      ++sizes[static_cast<size_t>(part)];
    }
    const size_t row = parts.empty() ? 0 : static_cast<size_t>(in.bytes()) / parts.size();
    std::vector<std::byte*> to;
    for (size_t i = 0; i < count; ++i) {
      std::vector<int64_t> dims(in.dims.begin() + static_cast<std::ptrdiff_t>(rank), in.dims.end());
      dims.insert(dims.begin(), sizes[i]);
      to.push_back(k.result(i, dims).data.get());
    }
    for (size_t i = 0; i < parts.size(); ++i) {
      std::byte*& place = to[static_cast<size_t>(parts[i])];
      std::memcpy(place, in.data.get() + i * row, row);
      place += row;
    }
  });
  op.sample({dims({5, 2}), given_i32({1, 0, 2, 1, 1})}, {{"num_partitions", 3}});
  op.sample({dims({2, 3}), given<int32_t>(DType::i32, {2, 3}, {0, 1, 0, 0, 1, 0})}, {{"num_partitions", 2}});
  op.sample({dims({0, 3}), given_i32(std::vector<int32_t>{})}, {{"num_partitions", 2}});
}
