#pragma once

#include "cards/window.h"

namespace keraft::cards {

enum class Pool { max, average };

/// `height`, `width`: the window's size is set from ksize.
void pool_shape(ShapeContext& s, const std::vector<int64_t>& ksize, const Windows& windows);
/// Reads ksize, strides and padding from the attributes.
void pool_shape(ShapeContext& s);
void pool(KernelContext& k, Pool what, const std::vector<int64_t>& ksize, Windows windows);
void pool(KernelContext& k, Pool what);

}  // namespace keraft::cards
