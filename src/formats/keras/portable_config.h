// Configs of layers as some Keras 2 wrote them, in the words that every Keras reads.
#pragma once

#include <string>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Leaves what the layer's card knows and is not the default, and what acts in training alone: initializers, penalties,
/// constraints, seeds. Returns what had to go: functions that are not Keras' own. Throws Status::unsupported for an entry whose
/// meaning nobody here knows.
std::vector<std::string> make_portable(Layer& layer, const Registry& registry);

}  // namespace keraft::formats
