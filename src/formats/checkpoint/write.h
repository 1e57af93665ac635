// Checkpoint files (V2).
#pragma once

#include <string>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/tensor.hpp"

namespace keraft::formats {

struct Saved {
  std::string key;
  Tensor value;
  std::string object_key = {};  ///< the same tensor's second key; empty: none
};

/// PREFIX.data-00000-of-00001, then PREFIX.index, each whole or not at all. Throws Status::internal when a key stands twice.
void write_checkpoint(std::vector<Saved> tensors, const std::string& prefix, const Control& control);

}  // namespace keraft::formats
