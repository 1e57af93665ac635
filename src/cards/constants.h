// Small computations on the values of constants and weights.
#pragma once

#include <functional>
#include <optional>

#include "keraft/tensor.hpp"

namespace keraft::cards {

/// Each element through `f`, in memory; nothing for other types than float32 and float64, or more than 1 << 26 elements.
std::optional<Tensor> mapped(const Tensor& tensor, const std::function<double(double)>& f);
/// The tensor repeated along axes of size 1, to sizes of the same rank; nothing where it does not fit.
std::optional<Tensor> broadcast_tensor(const Tensor& tensor, const std::vector<int64_t>& dims);

}  // namespace keraft::cards
