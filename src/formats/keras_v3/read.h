// Reading `.keras`, for the readers and for the writer's own check.
#pragma once

#include <string>
#include <vector>

#include "formats/keras/read_config.h"
#include "formats/wire/hdf5_reader.h"
#include "keraft/model.hpp"

namespace keraft::formats {

enum class Checksums {
  verified,  ///< all bytes of the weights are read once and compared with the archive's CRC-32
  trusted,   ///< the caller compares the weights itself
};

/// Gives the layers of `graph`, which have none, the weights of a model.weights.h5 or .weights.h5. A layer without a group
/// there gets none. `places`: by layer, where each of its slots lies; may be null. Throws Status::format for a layer with
/// another number of weights.
void read_weight_tree(wire::Hdf5Reader& tree, const std::string& path, const Registry& registry, Graph& graph,
                      const Nesting& nesting, std::vector<std::vector<std::string>>* places = nullptr);

Model read_archive(const std::string& path, const Registry& registry, const Control& control, Checksums checksums);

}  // namespace keraft::formats
