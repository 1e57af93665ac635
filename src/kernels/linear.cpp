#include "linear.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace keraft::kernels {

Factors::Factors(std::vector<double> matrix, std::int64_t size)
    : matrix_(std::move(matrix)), size_(size), row_(static_cast<std::size_t>(size)) {
  std::iota(row_.begin(), row_.end(), 0);
  double* m = matrix_.data();
  for (std::int64_t k = 0; k < size; ++k) {
    std::int64_t best = k;
    for (std::int64_t i = k + 1; i < size; ++i) {
      if (std::abs(m[i * size + k]) > std::abs(m[best * size + k])) best = i;
    }
    if (best != k) {
      for (std::int64_t j = 0; j < size; ++j) std::swap(m[k * size + j], m[best * size + j]);
      std::swap(row_[static_cast<std::size_t>(k)], row_[static_cast<std::size_t>(best)]);
      sign_ = -sign_;
    }
    if (m[k * size + k] == 0) {
      singular_ = true;
      continue;
    }
    for (std::int64_t i = k + 1; i < size; ++i) {
      const double factor = m[i * size + k] /= m[k * size + k];
      for (std::int64_t j = k + 1; j < size; ++j) m[i * size + j] -= factor * m[k * size + j];
    }
  }
}

double Factors::determinant() const {
  double out = sign_;
  for (std::int64_t k = 0; k < size_; ++k) out *= matrix_[static_cast<std::size_t>(k * (size_ + 1))];
  return out;
}

void Factors::solve(double* right, std::int64_t columns) const {
  const double* m = matrix_.data();
  const std::vector<double> given(right, right + size_ * columns);
  for (std::int64_t c = 0; c < columns; ++c) {
    for (std::int64_t i = 0; i < size_; ++i) {
      double sum = given[static_cast<std::size_t>(row_[static_cast<std::size_t>(i)] * columns + c)];
      for (std::int64_t j = 0; j < i; ++j) sum -= m[i * size_ + j] * right[j * columns + c];
      right[i * columns + c] = sum;
    }
    for (std::int64_t i = size_; i-- > 0;) {
      double sum = right[i * columns + c];
      for (std::int64_t j = i + 1; j < size_; ++j) sum -= m[i * size_ + j] * right[j * columns + c];
      right[i * columns + c] = sum / m[i * size_ + i];
    }
  }
}

bool cholesky(double* matrix, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      double sum = matrix[i * size + j];
      for (std::int64_t k = 0; k < j; ++k) sum -= matrix[i * size + k] * matrix[j * size + k];
      if (i == j && !(sum > 0)) return false;
      matrix[i * size + j] = i == j ? std::sqrt(sum) : sum / matrix[j * size + j];
    }
    for (std::int64_t j = i + 1; j < size; ++j) matrix[i * size + j] = 0;
  }
  return true;
}

}  // namespace keraft::kernels
