// Arrays of numpy.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/budget.h"
#include "keraft/tensor.hpp"

namespace keraft::formats {

/// Is it a zip archive of .npy files alone?
bool is_npz(const std::string& path, base::Budget& budget);
/// The arrays by name, in the archive's order; what is stored unpacked stays in the file. Throws Status::format for what is
/// damaged, Status::unsupported for types that no weight has.
std::vector<std::pair<std::string, Tensor>> read_npz(const std::string& path, base::Budget& budget);

}  // namespace keraft::formats
