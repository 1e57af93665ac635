// The first bytes of an HDF5 file. Seen by the hdf5_*.cpp files only.
#pragma once

#include <optional>
#include <utility>

#include "formats/wire/hdf5_context.h"

namespace keraft::formats::wire {

struct Hdf5Root {
  uint64_t header = 0;
  std::optional<std::pair<uint64_t, uint64_t>> cached;  ///< tree and heap, as the superblock repeats them
};

/// Sets the context's base, end and sizes of nodes.
Hdf5Root read_superblock(Hdf5Context& context);

}  // namespace keraft::formats::wire
