// Weights of Keras in HDF5, without a model.
#pragma once

#include <optional>
#include <string>

#include "transfer/target.h"

namespace keraft::transfer {

/// Nothing when the file holds a model.
std::optional<Source> read_hdf5(const std::string& path, const Model& model, const formats::Nesting& nesting,
                                const Control& control);

}  // namespace keraft::transfer
