// NumPy's array files. They are hostile like any other: sizes are compared with the bytes there are before anything is
// allocated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "keraft_raii.hpp"

namespace keraft::cli {

struct NamedArray {
  std::string name;
  keraft_dtype dtype = KERAFT_DTYPE_INVALID;
  std::vector<int64_t> shape;
  std::vector<int64_t> byte_strides;  ///< of Fortran order; empty: row-major
  std::string bytes;                  ///< little-endian

  /// Lent: valid while the array stays where it is.
  keraft_tensor_view view() const;
};

/// Throws std::runtime_error with what is wrong.
NamedArray parse_npy(std::string_view file);
/// Throws std::runtime_error for a type that NumPy has no name for.
std::string make_npy(const keraft_tensor_view& array);

}  // namespace keraft::cli
