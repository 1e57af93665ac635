// TensorFlow files of every kind → Model.
#pragma once

#include <optional>
#include <string>

#include "keraft/model.hpp"

namespace keraft::reading {

/// The kind of a TensorFlow file or folder, by its contents; nothing for what is none. A checkpoint is named by its prefix or
/// one of its files. Throws Status::io and ::argument for what cannot be read, Status::format for files that are recognisably
/// something else (empty, a git-LFS pointer, a web page, a V1 checkpoint).
std::optional<Kind> sniff_tensorflow(const std::string& path);

/// Raw ops with calls inlined, variables as ir/Weight, inputs as ir/Input, pruned to the outputs.
/// `promised`: the types that a signature gives outputs, by their names.
Model load_tensorflow(const std::string& path, Kind kind, const LoadOptions& options, const Control& control,
                      std::map<std::string, DType>& promised);

}  // namespace keraft::reading
