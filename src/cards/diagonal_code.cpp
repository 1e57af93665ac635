#include <cstdlib>

#include "cards/calls.h"
#include "cards/diagonal.h"

namespace keraft::cards {
namespace {

constexpr int64_t most_marks = 1 << 14;  // they stand in the file as text

/// The one diagonal that is meant; nothing when there are several, or it is not known which.
std::optional<int64_t> only(CodeContext& k, std::optional<size_t> input) {
  if (!input) return 0;
  const auto range = diagonal_range(k, *input);
  return range && range->first == range->second ? std::optional(range->first) : std::nullopt;
}

std::optional<int64_t> last(const Shape& shape, size_t from_end) {
  if (!shape.has_rank() || shape.rank() < from_end) return std::nullopt;
  const Dim& dim = shape[shape.rank() - from_end];
  return dim.known() && dim.value() > 0 ? std::optional(dim.value()) : std::nullopt;
}

/// Where a matrix has its diagonal; nothing for large ones.
std::optional<Operand> marks(int64_t rows, int64_t columns, int64_t diagonal) {
  if (rows > most_marks || columns > most_marks || rows * columns > most_marks) return std::nullopt;
  std::vector<uint8_t> out(static_cast<size_t>(rows * columns), 0);
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t column = row + diagonal;
    if (column >= 0 && column < columns) out[static_cast<size_t>(row * columns + column)] = 1;
  }
  return literal(make_tensor<uint8_t>(DType::boolean, {rows, columns}, out));
}

/// A constant that is spread without being filled up.
std::optional<Operand> spread_constant(const Tensor& x, int64_t diagonal, int64_t length, int64_t rows, int64_t columns) {
  if (length != (diagonal >= 0 ? rows : columns)) return std::nullopt;
  std::vector<int64_t> dims = x.dims;
  dims.insert(diagonal >= 0 ? dims.end() : dims.end() - 1, 1);
  return literal(Value(reshaped(x, dims)));
}

/// Row or column i of the result holds the element that stands there on the diagonal, and what is left is filled up.
Operand spread(CodeContext& k, Operand x, const Shape& shape, int64_t diagonal, int64_t length, int64_t rows, int64_t columns) {
  const bool by_row = diagonal >= 0;
  const auto axis = static_cast<int64_t>(shape.rank()) - (by_row ? 0 : 1);
  x = called(k, "ExpandDims", {{"x", std::move(x)}, {"axis", literal(Value(axis))}});
  const int64_t missing = (by_row ? rows : columns) - length;
  if (missing == 0) return x;
  List widths(shape.rank() + 1, Value::ints({0, 0}));
  widths[shape.rank() - (by_row ? 1 : 0)] = Value::ints({0, missing});
  return called(k, "Pad", {{"x", std::move(x)}, {"pad_width", literal(Value(std::move(widths)))}});
}

Operand zero(CodeContext& k) { return literal(is_integer(k.dtype(0)) ? Value(0) : Value(0.0)); }
bool is_number(CodeContext& k) { return is_floating(k.dtype(0)) || is_integer(k.dtype(0)); }

}  // namespace

std::optional<std::vector<Edge>> matrix_diag_code(CodeContext& k, const DiagonalInputs& at) {
  const auto diagonal = only(k, at.k), length = last(k.shape(0), 1);
  if (!diagonal || !length || !is_number(k) || !k.input(0).is_tensor()) return std::nullopt;
  for (const auto& size : {at.rows, at.columns}) {
    const auto said = size ? k.numbers(*size) : std::vector<int64_t>{-1};
    if (!said || said->size() != 1 || said->front() >= 0) return std::nullopt;
  }
  const int64_t size = *length + std::abs(*diagonal);
  auto where = marks(size, size, *diagonal);
  if (!where) return std::nullopt;
  Operand x = spread(k, k.input(0), k.shape(0), *diagonal, *length, size, size);
  Operand rest = at.padding ? k.input(*at.padding) : zero(k);
  return std::vector<Edge>{k.call("Where", {{"condition", std::move(*where)}, {"x1", std::move(x)}, {"x2", std::move(rest)}})};
}

std::optional<std::vector<Edge>> matrix_set_diag_code(CodeContext& k, const DiagonalInputs& at) {
  const auto diagonal = only(k, at.k), rows = last(k.shape(0), 2), columns = last(k.shape(0), 1);
  if (!diagonal || !rows || !columns || !k.shape(1).has_rank() || !is_number(k)) return std::nullopt;
  if (!k.input(0).is_tensor() || k.shape(1).rank() + 1 != k.shape(0).rank()) return std::nullopt;
  const Diagonals d{*diagonal, *diagonal, *rows, *columns, {}};
  auto where = marks(*rows, *columns, *diagonal);
  if (!where || d.longest() < 1) return std::nullopt;
  const Operand given = k.input(1);
  const Tensor* constant = given.value.get<Tensor>();
  auto x = constant ? spread_constant(*constant, *diagonal, d.longest(), *rows, *columns)
                    : spread(k, given, k.shape(1), *diagonal, d.longest(), *rows, *columns);
  if (!x) return std::nullopt;
  return std::vector<Edge>{k.call("Where", {{"condition", std::move(*where)}, {"x1", std::move(*x)}, {"x2", k.input(0)}})};
}

std::optional<std::vector<Edge>> matrix_diag_part_code(CodeContext& k, const DiagonalInputs& at) {
  const auto diagonal = only(k, at.k), rows = last(k.shape(0), 2), columns = last(k.shape(0), 1);
  if (!diagonal || !rows || !columns || !is_number(k) || !k.input(0).is_tensor()) return std::nullopt;
  const Diagonals d{*diagonal, *diagonal, *rows, *columns, {}};
  auto where = marks(*rows, *columns, *diagonal);
  if (!where || d.longest() < 1) return std::nullopt;
  const bool by_row = *diagonal >= 0;
  const auto rank = static_cast<int64_t>(k.shape(0).rank());
  Operand x = called(k, "Where", {{"condition", std::move(*where)}, {"x1", k.input(0)}, {"x2", zero(k)}});
  x = called(k, "Sum", {{"x", std::move(x)}, {"axis", literal(Value(by_row ? rank - 1 : rank - 2))}});
  if (d.longest() < (by_row ? *rows : *columns)) {
    x = called(k, "Split",
               {{"x", std::move(x)},
                {"indices_or_sections", literal(Value::ints({d.longest()}))},
                {"axis", literal(Value(rank - 2))}});
  }
  return std::vector<Edge>{x.edge};
}

}  // namespace keraft::cards
