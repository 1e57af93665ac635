// Tensors into files.
#pragma once

#include <functional>
#include <span>

#include "base/file.h"
#include "keraft/control.hpp"
#include "keraft/tensor.hpp"

namespace keraft::base {

/// Appends the tensor's bytes, a buffer at a time, each shown to `see` on the way.
void append(AtomicFile& file, const Tensor& tensor, const Control& control,
            const std::function<void(std::span<const std::byte>)>& see = {});

}  // namespace keraft::base
