// Penalties on weights, as a layer's config has them.
#pragma once

#include <string>
#include <string_view>

namespace keraft::cards {

/// "kernel" → "kernel_regularizer", "depthwise_kernel" → "depthwise_regularizer".
inline std::string regularizer_of(std::string slot) {
  constexpr std::string_view kernel = "_kernel";
  if (slot.size() > kernel.size() && slot.ends_with(kernel)) slot.resize(slot.size() - kernel.size());
  return slot + "_regularizer";
}

}  // namespace keraft::cards
