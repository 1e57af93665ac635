// NumPy's archives of arrays (zip, stored or deflated), and reading either kind of file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/npy.h"

namespace keraft::cli {

/// Arrays of an .npz; `limit`: bytes that they may take together. Throws std::runtime_error with what is wrong.
std::vector<NamedArray> parse_npz(std::string_view file, uint64_t limit);
/// Throws std::runtime_error when it would be over 4 GiB.
std::string make_npz(const std::vector<keraft_tensor_view>& arrays);

/// The contents of a regular file of at most `limit` bytes; throws std::runtime_error.
std::string read_file(const std::string& path, uint64_t limit);
/// An .npy file as one array without a name, an .npz with its names; by contents. Errors name the file.
std::vector<NamedArray> read_arrays(const std::string& path, uint64_t limit);

}  // namespace keraft::cli
