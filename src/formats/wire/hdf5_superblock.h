// The first bytes of an HDF5 file. Seen by the hdf5_*.cpp files only.
#pragma once

#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {

/// The link to the root. Sets the context's base, end and sizes of nodes.
Hdf5Link read_superblock(Hdf5Context& context);

}  // namespace keraft::formats::wire
