#pragma once

#include <vector>

#include "keraft/tensor.hpp"
#include "keraft/value.hpp"

namespace keraft::cards {

/// Numbers as a tensor of that type. Throws Status::unsupported for types that are no numbers, and for integers that do not
/// fit.
Tensor number_tensor(DType dtype, std::vector<int64_t> dims, const std::vector<double>& values);
/// The same of what `flatten` gives.
Tensor value_tensor(DType dtype, std::vector<int64_t> dims, const std::vector<Value>& values);

/// A tensor as numbers in lists, each as the shortest decimal that gives it. Throws Status::unsupported for NaN, infinities and
/// types that are no numbers.
Value nested_value(const Tensor& tensor);

/// Sizes and numbers of lists in lists; `real`: one of them is no integer. False when they are no tensor.
bool flatten(const Value& value, std::vector<int64_t>& dims, std::vector<Value>& numbers, bool& real);

}  // namespace keraft::cards
