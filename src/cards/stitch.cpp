#include "cards/stitch.h"

#include <cstring>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {
namespace {

void stitch(KernelContext& k) {
  const size_t n = k.inputs() / 2;
  std::vector<std::vector<int64_t>> indices;
  int64_t size = 0;
  for (size_t i = 0; i < n; ++i) {
    indices.push_back(ints_of(k, i));
    for (const int64_t index : indices.back()) {
      if (index < 0 || index >= int64_t{1} << 40) k.fail("an index is " + std::to_string(index));
      size = std::max(size, index + 1);
    }
  }
  const auto& shape = k.array(n).dims;
  std::vector<int64_t> dims(shape.begin() + static_cast<std::ptrdiff_t>(k.array(0).dims.size()), shape.end());
  const auto row = static_cast<size_t>(element_count(dims)) * size_of(k.array(n).dtype);
  dims.insert(dims.begin(), size);
  Array& out = k.result(0, dims);
  std::memset(out.data.get(), 0, out.bytes());
  for (size_t i = 0; i < n; ++i) {
    const Array& data = k.array(n + i);
    if (data.dtype != out.dtype || data.bytes() != indices[i].size() * row) k.fail("data and indices do not fit");
    for (size_t j = 0; j < indices[i].size(); ++j)
      std::memcpy(out.data.get() + static_cast<size_t>(indices[i][j]) * row, data.data.get() + j * row, row);
  }
}

}  // namespace

void stitch_card(OpCard& card) {
  card.in_list("indices").in_list("data").out("merged").attr("N").attr("T");
  card.shape([](ShapeContext& s) {
    if (s.inputs() == 0 || s.inputs() % 2 != 0) s.fail("needs as many data as indices");
    const size_t n = s.inputs() / 2;
    Shape out;
    for (size_t i = 0; i < n; ++i) {
      const Shape &indices = s.shape(i), &data = s.shape(n + i);
      if (!indices.has_rank() || !data.has_rank()) continue;
      if (indices.rank() > data.rank())
        s.fail("the data " + data.text() + " have fewer axes than the indices " + indices.text());
      const auto cut = data.dims().begin() + static_cast<std::ptrdiff_t>(indices.rank());
      unify(s, Dims(data.dims().begin(), cut), indices);
      Dims one{unknown_dim(s, 0, 0)};
      one.insert(one.end(), cut, data.dims().end());
      out = unify(s, out, one);
    }
    s.out(0, s.dtype(n), out);
  });
  card.kernel(stitch);
  card.sample({given_i32({0, 2}), given_i32({1, 3}), dims({2, 3}), dims({2, 3})});
  card.sample({given_i32({4, 2}), given<int32_t>(DType::i32, {2, 1}, {0, 2}), dims({2, 3}), dims({2, 1, 3})});
  card.sample({scalar_i32(1), given_i32({0, 2}), dims({}), dims({2})});
  card.sample({given_i32(std::vector<int32_t>{}), dims({0, 2})});
}

}  // namespace keraft::cards
