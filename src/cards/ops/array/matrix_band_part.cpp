#include <cstring>
#include "cards/calls.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(matrix_band_part) {
  op.tf("MatrixBandPart").about("matrices with zeros outside of a band of diagonals");
  const auto reaches = [](size_t i) { return [i](const ShapeContext& s) { return number(s, i).value_or(-1) >= 0; }; };
  op.code("ops.tril({0}, k={2})", {{"num_lower", -1}}, reaches(2));
  op.code("ops.triu({0}, k={1:minus})", {{"num_upper", -1}}, reaches(1));
  op.code_with([](CodeContext& k) -> std::optional<std::vector<Edge>> {
    const auto lower = number(k, 1), upper = number(k, 2);
    Operand x = k.input(0);
    if (!lower || !upper || !x.is_tensor() || (*lower < 0 && *upper < 0)) return std::nullopt;
    if (*lower >= 0) x = called(k, "Triu", {{"x", x}, {"k", literal(-*lower)}});
    if (*upper >= 0) x = called(k, "Tril", {{"x", x}, {"k", literal(*upper)}});
    return std::vector<Edge>{x.edge};
  });
  op.in("input").in("num_lower").in("num_upper").out("band").attr("T").attr("Tindex", DType::i64);
  op.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() < 2) s.fail("needs matrices, not " + s.shape(0).text());
    for (size_t i = 1; i <= 2; ++i) number(s, i);
    s.same(0, 0);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const int64_t rows = in.dims[in.dims.size() - 2], columns = in.dims.back();
    const int64_t lower = ints_of(k, 1).at(0), upper = ints_of(k, 2).at(0);
    if (lower > rows || upper > columns) k.fail("the band is wider than the matrix");
    const auto element = static_cast<int64_t>(size_of(in.dtype));
    Array& out = k.in_place(0, 0);
    for (int64_t r = 0; columns > 0 && r < in.elements() / columns; ++r) {
      const int64_t row = r % rows;
      const int64_t first = lower < 0 ? 0 : std::clamp<int64_t>(row - lower, 0, columns);
      const int64_t last = upper < 0 ? columns : std::clamp<int64_t>(row + upper + 1, first, columns);
      std::byte* to = out.data.get() + r * columns * element;
      std::memmove(to, in.data.get() + r * columns * element, static_cast<size_t>(columns * element));
      std::memset(to, 0, static_cast<size_t>(first * element));
      std::memset(to + last * element, 0, static_cast<size_t>((columns - last) * element));
    }
  });
  const auto i64 = [](int64_t value) { return given<int64_t>(DType::i64, {}, {value}); };
  op.sample({dims({4, 5}), i64(1), i64(0)});
  op.sample({dims({2, 5, 3}), i64(-1), i64(1)});
  op.sample({dims({3, 3}), scalar_i32(0), scalar_i32(-1)}, {{"Tindex", DType::i32}});
  op.sample({dims({2, 0, 3}), i64(0), i64(0)});
}
