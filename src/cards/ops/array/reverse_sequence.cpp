#include <cstring>
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(reverse_sequence) {
  op.tf("ReverseSequence")
      .about("the first elements of an axis the other way round, a number of them for each entry of a batch");
  op.in("input").in("seq_lengths").out("output").attr("seq_dim").attr("batch_dim", 0).attr("T").attr("Tlen", DType::i64);
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    const Shape& in = s.shape(0);
    if (in.has_rank()) {
      const size_t batch = s.axis(s.integer("batch_dim"), in.rank());
      if (s.axis(s.integer("seq_dim"), in.rank()) == batch) s.fail("seq_dim is batch_dim");
      if (s.shape(1).has_rank()) unify(s, Shape{in[batch]}, s.shape(1));
    }
    s.same(0, 0);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto lengths = ints_of(k, 1);
    const size_t along = k.axis(k.integer("seq_dim"), in.dims.size()), batch = k.axis(k.integer("batch_dim"), in.dims.size());
    for (const int64_t length : lengths) {
      if (length < 0 || length > in.dims[along]) k.fail("a length is " + std::to_string(length));
    }
    const size_t inner = std::max(along, batch) + 1, element = size_of(in.dtype);
    int64_t row = static_cast<int64_t>(element), rows = 1, along_step = 1, batch_step = 1;
    for (size_t i = in.dims.size(); i-- > 0;) {
      if (i >= inner) {
        row *= in.dims[i];
        continue;
      }
      rows *= in.dims[i];
      if (i > along) along_step *= in.dims[i];
      if (i > batch) batch_step *= in.dims[i];
    }
    Array& out = k.result();
    for (int64_t r = 0; r < rows && row > 0; ++r) {
      const int64_t at = r / along_step % in.dims[along];
      const int64_t length = lengths[static_cast<size_t>(r / batch_step % in.dims[batch])];
      const int64_t from = at < length ? r + (length - 1 - 2 * at) * along_step : r;
      std::memcpy(out.data.get() + r * row, in.data.get() + from * row, static_cast<size_t>(row));
    }
  });
  const Value lengths = given<int64_t>(DType::i64, {3}, {2, 0, 4});
  op.sample({dims({3, 4, 2}), lengths}, {{"seq_dim", 1}});
  op.sample({dims({2, 4, 3}), lengths}, {{"seq_dim", 1}, {"batch_dim", 2}});
  op.sample({dims({4, 2, 3, 2}), given_i32({1, 3, 4})}, {{"seq_dim", 0}, {"batch_dim", 2}, {"Tlen", DType::i32}});
  op.sample({dims({0, 4}), given<int64_t>(DType::i64, {0}, {})}, {{"seq_dim", 1}});
}
