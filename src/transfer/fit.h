// Does a tensor have the sizes and the type of a slot?
#pragma once

#include <optional>
#include <string>

#include "keraft/transfer.hpp"
#include "transfer/target.h"

namespace keraft::transfer {

struct Fitted {
  Tensor value;         ///< as the slot wants it
  std::string changed;  ///< what was done to it; empty: nothing
};

/// Nothing when it does not fit. Throws Status::unsupported for a kernel whose other layout is not known.
std::optional<Fitted> fit(const Tensor& value, const SlotPlace& place, KernelLayout layout);
/// "float32 [3, 3, 8, 16]"
std::string described(DType dtype, const std::vector<int64_t>& dims);

}  // namespace keraft::transfer
