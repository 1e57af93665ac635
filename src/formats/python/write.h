// Python sources with their weights beside them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/python/npz.h"

namespace keraft::formats {

/// The module `code` at the path X.py, and X.npz with the weights.
void write_python(const std::string& path, const std::string& code, const std::vector<std::pair<std::string, Tensor>>& weights,
                  const Control& control);

}  // namespace keraft::formats
