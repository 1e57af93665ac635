// Elements of a dataset in chunks. Seen by the hdf5_*.cpp files only.
#pragma once

#include <string>
#include <vector>

#include "base/budget.h"
#include "formats/wire/hdf5_dataset.h"
#include "keraft/tensor.hpp"

namespace keraft::formats::wire {

/// All `size` bytes, unfiltered, in row-major order. Throws unless every chunk is stored and holds what it should, to the byte.
std::vector<std::byte> load_chunks(const Hdf5Dataset& dataset, uint64_t size, const Storage& source, base::Budget& budget,
                                   const std::string& file, const std::string& path);

}  // namespace keraft::formats::wire
