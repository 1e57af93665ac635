// A part of a storage.
#pragma once

#include <memory>

#include "keraft/tensor.hpp"

namespace keraft::formats::wire {

/// Throws Status::format when the range is not inside `whole`.
std::shared_ptr<const Storage> part_of(std::shared_ptr<const Storage> whole, uint64_t offset, uint64_t size);

}  // namespace keraft::formats::wire
