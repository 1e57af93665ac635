// Reading `.keras`, for the readers and for the writer's own check.
#pragma once

#include <string>

#include "keraft/model.hpp"

namespace keraft::formats {

enum class Checksums {
  verified,  ///< all bytes of the weights are read once and compared with the archive's CRC-32
  trusted,   ///< the caller compares the weights itself
};

Model read_archive(const std::string& path, const Registry& registry, const Control& control, Checksums checksums);

}  // namespace keraft::formats
