// Where the elements of an HDF5 dataset lie.
#pragma once

#include <cstdint>
#include <vector>

namespace keraft::formats::wire {

enum : uint16_t { hdf5_deflate = 1, hdf5_shuffle = 2, hdf5_fletcher32 = 3 };

struct Hdf5Filter {
  uint16_t id;
  std::vector<uint32_t> values;
};

struct Hdf5Chunk {
  uint64_t at;  ///< offset in the file; UINT64_MAX: not stored
  uint64_t size;
  uint32_t mask;  ///< bit i: filter i was left out
};

struct Hdf5Dataset {
  enum class Layout { compact, contiguous, chunked };
  Layout layout = Layout::contiguous;
  uint64_t at = UINT64_MAX;  ///< offset in the file of compact and contiguous elements; UINT64_MAX: not stored
  uint64_t element = 0;      ///< bytes of one
  std::vector<uint64_t> dims, chunk;
  std::vector<Hdf5Filter> filters;
  std::vector<Hdf5Chunk> chunks;  ///< row-major
};

}  // namespace keraft::formats::wire
