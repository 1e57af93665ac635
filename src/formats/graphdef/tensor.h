// TensorProto → Tensor, formats.md 1.4.
#pragma once

#include "base/budget.h"
#include "formats/wire/scan.h"
#include "keraft/tensor.hpp"

namespace keraft::formats {

/// Contents stay in the source. Throws Status::format with the offset for what is malformed or says two things at once,
/// Status::unsupported for unknown types.
Tensor read_tensor(wire::Scan scan, base::Budget& budget);

}  // namespace keraft::formats
