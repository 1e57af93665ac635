// x[…] in the Python of Keras 2: its SlicingOpLambda layers.
#pragma once

#include <optional>

#include "formats/keras/operations.h"

namespace keraft::formats {

/// A call of such a layer as the raw op that it is; nothing where a bound is a tensor. Throws Status::format.
std::optional<ParsedOperation> parse_slicing(const Value& call, const Place& place);

}  // namespace keraft::formats
