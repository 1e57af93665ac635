// How Keras names things inside its files.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cards/class_names.h"

namespace keraft::formats {

using cards::snake_case;
using cards::snake_case_keras2;

/// dense, dense_1, dense_2, …
class Numbered {
 public:
  std::string next(const std::string& name);

 private:
  std::map<std::string, int, std::less<>> used_;
};

/// A layer name that Keras 2 and 3 accept and that is safe as an HDF5 path.
bool legal_layer_name(std::string_view name) noexcept;

}  // namespace keraft::formats
