// How much the name of a stored weight says about its layer.
#pragma once

#include <string>
#include <vector>

#include "transfer/target.h"

namespace keraft::transfer {

/// How much of a slot's name a scope repeats.
struct Closeness {
  enum Kind : int { none, layer_alone, end, below_others, whole };
  Kind kind = none;
  /// Components of the scope that are repeated: a layer of a model inside is settled before the one of the same name around it.
  size_t components = 0;
  auto operator<=>(const Closeness&) const = default;
};

/// `scope`: a weight's name without its leaf. Its components may stand joined in a layer's name, which cannot have a '/':
/// "block1_conv1". `only_part`: the layer holds no other layer whose weights the scope could mean.
Closeness closeness(const Path& scope, const SlotPlace& place, bool only_part);

/// The names of layers that a scope may be close to.
std::vector<std::string> layer_names_in(const Path& scope);
/// The name to look up among these for a slot.
std::string layer_name_of(const SlotPlace& place);

}  // namespace keraft::transfer
