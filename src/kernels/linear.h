// Linear equations with one dense matrix, computed in double.
#pragma once

#include <cstdint>
#include <vector>

namespace keraft::kernels {

/// A square matrix, row-major, as product of a unit lower and an upper triangle after exchanges of rows.
class Factors {
 public:
  Factors(std::vector<double> matrix, std::int64_t size);

  bool singular() const { return singular_; }
  double determinant() const;
  /// Overwrites the columns of `right`, size × columns and row-major, by the solution.
  void solve(double* right, std::int64_t columns) const;

 private:
  std::vector<double> matrix_;
  std::int64_t size_;
  std::vector<std::int64_t> row_;  ///< of the matrix as given, at each place
  double sign_ = 1;
  bool singular_ = false;
};

/// The lower triangle whose product with its transpose is the matrix (only whose lower triangle is read); false when there is
/// none.
bool cholesky(double* matrix, std::int64_t size);

}  // namespace keraft::kernels
