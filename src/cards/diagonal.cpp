#include "cards/diagonal.h"

#include <cstring>

#include "kernels/move.h"

namespace keraft::cards {
namespace {

constexpr int64_t most = int64_t{1} << 40;  // a size beyond it is not meant

void copy(const std::byte* from, std::byte* to, int64_t from_at, int64_t to_at, size_t element) {
  std::memcpy(to + static_cast<size_t>(to_at) * element, from + static_cast<size_t>(from_at) * element, element);
}

std::string align_of(const ShapeContext& s) {
  const Value* fallback = s.card().fallback("align");
  if (!fallback) return "LEFT_LEFT";
  const std::string& align = s.text("align");
  if (align != "LEFT_LEFT" && align != "LEFT_RIGHT" && align != "RIGHT_LEFT" && align != "RIGHT_RIGHT")
    s.fail("align is " + align);
  return align;
}

/// Of matrices whose sizes are known.
std::optional<Diagonals> diagonals(const ShapeContext& s, std::optional<size_t> k, const Dim& rows, const Dim& columns) {
  const auto range = k ? diagonal_range(s, *k) : std::pair<int64_t, int64_t>(0, 0);
  if (!range || !rows.known() || !columns.known()) return std::nullopt;
  Diagonals out{range->first, range->second, rows.value(), columns.value(), align_of(s)};
  const bool inside = [&] {
    for (const int64_t d : {out.low, out.high}) {
      if (d != 0 && (d <= -out.rows || d >= out.columns)) return false;
    }
    return true;
  }();
  if (!inside || out.low > out.high)
    s.fail("diagonals " + std::to_string(out.low) + "…" + std::to_string(out.high) + " are outside");
  return out;
}

Diagonals diagonals(const KernelContext& s, std::optional<size_t> k, const std::vector<int64_t>& matrix) {
  return *diagonals(s, k, Dim(matrix[matrix.size() - 2]), Dim(matrix[matrix.size() - 1]));
}

int64_t matrices(const std::vector<int64_t>& dims) { return element_count({dims.begin(), dims.end() - 2}); }

/// The number that input `i` gives, or -1 for "not said"; nothing where unknown.
std::optional<int64_t> said(const ShapeContext& s, std::optional<size_t> i) {
  return i ? number(s, *i) : std::optional<int64_t>(-1);
}

void diag_shape(ShapeContext& s, const DiagonalInputs& at) {
  const Shape& in = s.shape(0);
  const auto range = at.k ? diagonal_range(s, *at.k) : std::pair<int64_t, int64_t>(0, 0);
  const auto rows = said(s, at.rows), columns = said(s, at.columns);
  if (!in.has_rank() || !range || !rows || !columns) return s.out(0, s.dtype(0), Shape());
  const int64_t low = range->first, high = range->second;
  const size_t gone = low == high ? 1 : 2;
  if (in.rank() < gone) s.fail("the diagonals have shape " + in.text());
  if (low > high || low < -most || high > most || *rows > most || *columns > most) s.fail("the diagonals are outside");
  if (gone == 2 && in[in.rank() - 2].known() && !in[in.rank() - 2].is(high - low + 1))
    s.fail("the diagonals have shape " + in.text() + ", needs " + std::to_string(high - low + 1) + " of them");
  Dims out(in.dims().begin(), in.dims().end() - static_cast<std::ptrdiff_t>(gone));
  const Dim longest = in[in.rank() - 1];
  const Dim least_rows = longest + Dim(std::max<int64_t>(0, -high)), least_columns = longest + Dim(std::max<int64_t>(0, low));
  Dim r = *rows, c = *columns;
  if (*rows < 0 && *columns < 0) {
    r = c = max(least_rows, least_columns);
  } else if (*rows < 0) {
    r = least_rows;
  } else if (*columns < 0) {
    c = least_columns;
  }
  const bool fits = [&] {
    if (!r.known() || !c.known() || !longest.known()) return true;
    const Diagonals d{low, high, r.value(), c.value(), {}};
    return d.longest() == longest.value();
  }();
  if (!fits) s.fail("the diagonals of shape " + in.text() + " do not fit into the matrix");
  out.push_back(r);
  out.push_back(c);
  s.out(0, s.dtype(0), out);
}

void part_shape(ShapeContext& s, const DiagonalInputs& at) {
  const Shape& in = s.shape(0);
  if (!in.has_rank()) return s.out(0, s.dtype(0), Shape());
  if (in.rank() < 2) s.fail("needs matrices, not " + in.text());
  const Dim &rows = in[in.rank() - 2], &columns = in[in.rank() - 1];
  Dims out(in.dims().begin(), in.dims().end() - 2);
  const auto range = at.k ? diagonal_range(s, *at.k) : std::pair<int64_t, int64_t>(0, 0);
  if (!range) return s.out(0, s.dtype(0), Shape());
  const auto d = diagonals(s, at.k, rows, columns);
  if (range->first != range->second) out.push_back(Dim(range->second - range->first + 1));
  if (d)
    out.push_back(Dim(d->longest()));
  else if (range->first == 0 && range->second == 0 && rows == columns)
    out.push_back(rows);
  else
    out.push_back(unknown_dim(s, 0, out.size()));
  s.out(0, s.dtype(0), out);
}

}  // namespace

int64_t Diagonals::begin(int64_t k) const {
  // The first word is for diagonals above the main one, the second for those below; the main one is left if either is.
  const bool above = align.starts_with("RIGHT"), below = align.ends_with("_RIGHT");
  return (k > 0 ? above : k < 0 ? below : above && below) ? longest() - length(k) : 0;
}

std::optional<std::pair<int64_t, int64_t>> diagonal_range(const ShapeContext& s, size_t i) {
  const auto k = s.numbers(i);
  if (!k) return std::nullopt;
  if (k->size() != 1 && k->size() != 2) s.fail("k must be one or two numbers");
  return std::pair(k->front(), k->back());
}

void fill_result(KernelContext& k, std::optional<size_t> i) {
  const std::byte zero[16] = {};
  if (i && (k.array(*i).elements() != 1 || k.array(*i).dtype != k.outputs()[0].dtype))
    k.fail("the padding is not one number of the type");
  Array& out = k.result();
  kernels::fill(out.data.get(), out.elements(), i ? k.array(*i).data.get() : zero, size_of(out.dtype));
}

void matrix_diag(OpCard& card, DiagonalInputs at) {
  card.code_with([at](CodeContext& k) { return matrix_diag_code(k, at); });
  card.shape([at](ShapeContext& s) { diag_shape(s, at); });
  card.kernel([at](KernelContext& k) {
    const Array& in = k.array(0);
    fill_result(k, at.padding);
    Array& out = k.result();
    const Diagonals d = diagonals(k, at.k, out.dims);
    const int64_t packed = d.count() * d.longest(), matrix = d.rows * d.columns;
    for (int64_t m = 0; m < matrices(out.dims); ++m)
      d.each([&](int64_t from, int64_t to) {
        copy(in.data.get(), out.data.get(), m * packed + from, m * matrix + to, size_of(in.dtype));
      });
  });
}

void matrix_diag_part(OpCard& card, DiagonalInputs at) {
  card.code_with([at](CodeContext& k) { return matrix_diag_part_code(k, at); });
  card.shape([at](ShapeContext& s) { part_shape(s, at); });
  card.kernel([at](KernelContext& k) {
    const Array& in = k.array(0);
    fill_result(k, at.padding);
    Array& out = k.result();
    const Diagonals d = diagonals(k, at.k, in.dims);
    const int64_t packed = d.count() * d.longest(), matrix = d.rows * d.columns;
    for (int64_t m = 0; m < matrices(in.dims); ++m)
      d.each([&](int64_t to, int64_t from) {
        copy(in.data.get(), out.data.get(), m * matrix + from, m * packed + to, size_of(in.dtype));
      });
  });
}

void matrix_set_diag(OpCard& card, DiagonalInputs at) {
  card.code_with([at](CodeContext& k) { return matrix_set_diag_code(k, at); });
  card.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() < 2) s.fail("needs matrices, not " + s.shape(0).text());
    s.same(0, 0);
  });
  card.kernel([at](KernelContext& k) {
    const Array &in = k.array(0), &diagonal = k.array(1);
    Array& out = k.in_place(0, 0);
    if (out.data != in.data) std::memcpy(out.data.get(), in.data.get(), in.bytes());
    const Diagonals d = diagonals(k, at.k, out.dims);
    const int64_t packed = d.count() * d.longest(), matrix = d.rows * d.columns;
    if (diagonal.dtype != in.dtype || diagonal.elements() != matrices(out.dims) * packed) k.fail("the diagonals do not fit");
    for (int64_t m = 0; m < matrices(out.dims); ++m)
      d.each([&](int64_t from, int64_t to) {
        copy(diagonal.data.get(), out.data.get(), m * packed + from, m * matrix + to, size_of(in.dtype));
      });
  });
}

}  // namespace keraft::cards
