// Arrays for numpy.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/tensor.hpp"

namespace keraft::formats {

/// An .npz with the tensors in this order; bfloat16, which numpy does not have, as float32. Throws Status::unsupported for
/// types that numpy does not have either.
void write_npz(const std::vector<std::pair<std::string, Tensor>>& tensors, const std::string& path, const Control& control);

}  // namespace keraft::formats
