// Attributes and functions. Inside a function an attribute that the caller binds is Dict{{caller_attr, its name}}.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "keraft/value.hpp"

namespace keraft::ir {

inline constexpr std::string_view caller_attr = "attr of the caller";

inline Value from_caller(const std::string& name) { return Dict{{std::string(caller_attr), name}}; }

/// The name, when the value is such an attribute.
inline const std::string* caller_attr_in(const Value& value) noexcept {
  const Dict* dict = value.get<Dict>();
  if (!dict || dict->size() != 1 || dict->begin()->first != caller_attr) return nullptr;
  return dict->begin()->second.get<std::string>();
}

/// Adds the names of all functions in the value, no deeper than `depth`.
inline void functions_in(const Value& value, std::set<std::string>& out, int depth) {
  if (depth <= 0) return;
  if (const auto* ref = value.get<FunctionRef>()) {
    out.insert(ref->name);
    for (const auto& [name, inner] : ref->attrs) functions_in(inner, out, depth - 1);
  }
  if (const auto* list = value.get<List>()) {
    for (const Value& inner : *list) functions_in(inner, out, depth - 1);
  }
}

}  // namespace keraft::ir
