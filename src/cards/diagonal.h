// Matrices in the last two axes and their diagonals: k = 0 is the main one, above it k > 0.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Diagonals `low`…`high` of matrices of rows × columns, packed into a tensor: the last axis is as long as the longest of them,
/// the axis before counts them from the highest to the lowest and is absent when there is one. Shorter ones are padded where
/// `align` says.
struct Diagonals {
  int64_t low = 0, high = 0, rows = 0, columns = 0;
  std::string align = "LEFT_LEFT";

  int64_t count() const { return high - low + 1; }
  int64_t length(int64_t k) const {
    return std::max<int64_t>(0, std::min(rows + std::min<int64_t>(k, 0), columns - std::max<int64_t>(k, 0)));
  }
  int64_t longest() const { return std::min(rows + std::min<int64_t>(high, 0), columns - std::max<int64_t>(low, 0)); }
  /// Where in its row of the packed tensor a diagonal begins.
  int64_t begin(int64_t k) const;
  /// Calls fn(place in the packed tensor, place in the matrix) for each element.
  template <class Fn>
  void each(Fn fn) const {
    for (int64_t k = high; k >= low; --k) {
      const int64_t n = length(k), at = (high - k) * longest() + begin(k);
      for (int64_t i = 0; i < n; ++i) fn(at + i, (i + std::max<int64_t>(0, -k)) * columns + i + std::max<int64_t>(0, k));
    }
  }
};

/// The one or two numbers of input `i`; nothing where unknown.
std::optional<std::pair<int64_t, int64_t>> diagonal_range(const ShapeContext& s, size_t i);

/// The value of input `i`, one element of the type of output 0, everywhere in output 0; zero when there is no such input.
void fill_result(KernelContext& k, std::optional<size_t> i);

/// Shape and kernel of the three versions of MatrixDiag (diagonals → matrix), MatrixDiagPart (matrix → diagonals) and
/// MatrixSetDiag. Without `k` it is the main diagonal.
struct DiagonalInputs {
  std::optional<size_t> k, rows, columns, padding;
};
void matrix_diag(OpCard& card, DiagonalInputs inputs);
void matrix_diag_part(OpCard& card, DiagonalInputs inputs);
void matrix_set_diag(OpCard& card, DiagonalInputs inputs);

/// The same in keras.ops, for one diagonal of matrices whose sizes are known.
std::optional<std::vector<Edge>> matrix_diag_code(CodeContext& k, const DiagonalInputs& inputs);
std::optional<std::vector<Edge>> matrix_diag_part_code(CodeContext& k, const DiagonalInputs& inputs);
std::optional<std::vector<Edge>> matrix_set_diag_code(CodeContext& k, const DiagonalInputs& inputs);

}  // namespace keraft::cards
