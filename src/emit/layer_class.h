// Python source of generated layer classes.
#pragma once

#include <set>
#include <string>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// "MultiplySigmoid" for the form's functions, unlike any name in `taken`, to which it is added.
std::string class_name(const std::string& form, const Registry& registry, std::set<std::string>& taken);

/// The class: registered under the package "keraft", serialisable, weights in slot order, `call` made of keras.ops. Without the
/// imports (cards::generated_module_head).
std::string layer_class(const Layer& layer, const Registry& registry);

}  // namespace keraft::emit
