// What the lines of Keras write differently, in one spelling.
#pragma once

#include <string>

#include "keraft/registry.hpp"
#include "keraft/value.hpp"

namespace keraft::formats {

/// In the config of a layer of the class, and in those of the layers that it holds, down to `depth`.
void tidy_config(const std::string& cls, Dict& config, const Registry& registry, int depth);

}  // namespace keraft::formats
