// A group or dataset of an HDF5 file. Seen by the hdf5_*.cpp files only.
#pragma once

#include "formats/wire/hdf5_check.h"
#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {

struct Hdf5Object {
  uint64_t at;          ///< offset in the file
  uint32_t references;  ///< hard links, as the file says
  bool group;
  std::optional<Hdf5Table> table;  ///< of a group of the first kind
  std::vector<Hdf5Link> links;
};

/// Checks all that the object header says, and adds a dataset to `out`.
Hdf5Object check_object(Hdf5Context& context, uint64_t address, Hdf5Checked& out);

}  // namespace keraft::formats::wire
