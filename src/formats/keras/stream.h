// Moving weights from where they lie to where a file wants them.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "keraft/control.hpp"
#include "keraft/tensor.hpp"

namespace keraft::formats {

struct Placed {
  const Tensor* tensor;
  uint64_t offset;   ///< of its first byte in the file
  uint32_t crc = 0;  ///< CRC-32 of its bytes, filled while they are written
};

/// Writes every tensor to its place, a buffer at a time; sorts `weights` by place. Returns the CRC-32 of [begin, end), whose
/// other bytes are there already. Large ones with the help of another thread, unless control.threads is 1.
uint32_t stream_weights(base::AtomicFile& file, std::vector<Placed>& weights, uint64_t begin, uint64_t end,
                        const Control& control);

/// What a tensor holds, to be known again.
struct Contents {
  DType dtype = DType::invalid;
  uint32_t crc = 0;
  Shape sizes;
};
Contents contents(const Placed& streamed);

struct Comparison {
  const Contents* wanted;
  const Tensor* written;
  std::string name;
};

/// Throws Status::internal unless each written tensor has the type, the sizes and the CRC-32 of what was wanted.
void compare_weights(const std::vector<Comparison>& comparisons, const Control& control);

}  // namespace keraft::formats
