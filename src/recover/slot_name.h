#pragma once

#include <set>
#include <string>

namespace keraft::recover {

/// What a variable is called inside a generated class: the last part of its name, legal in Python, no attribute of Keras'
/// layers, unlike `taken`.
std::string slot_name(const std::string& variable, const std::set<std::string>& taken);

}  // namespace keraft::recover
