// Bytes of a checkpoint that are compared with their checksum before anybody gets them.
#pragma once

#include <memory>

#include "keraft/error.hpp"
#include "keraft/tensor.hpp"

namespace keraft::formats {

/// The same bytes; the first read of any of them goes over all and throws Status::format when `masked` does not fit.
std::shared_ptr<const Storage> checked_bytes(std::shared_ptr<const Storage> bytes, uint32_t masked, Place place);

}  // namespace keraft::formats
