// Checks the structure of an HDF5 file before libhdf5 sees it. Seen by the hdf5_*.cpp files only.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "formats/wire/hdf5_dataset.h"
#include "formats/wire/hdf5_snapshot.h"

namespace keraft::formats::wire {

struct Hdf5Checked {
  Hdf5Snapshot snapshot;
  std::unordered_map<uint64_t, Hdf5Dataset> datasets;  ///< by the address of their object header
};

/// Walks all that the root leads to. Everything that libhdf5 could decode there is well-formed, read once, kept, and overlaps
/// nothing else; what Keras never writes is refused. Throws Status::format for damage, links that lead elsewhere and ambiguity,
/// Status::unsupported for what is rare, Status::memory for what is over a limit.
std::unique_ptr<Hdf5Checked> check_hdf5(std::shared_ptr<const Storage> source, const std::string& place, base::Budget& budget);

}  // namespace keraft::formats::wire
