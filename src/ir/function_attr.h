// An attribute inside a function that the caller binds: Dict{{caller_attr, its name}}.
#pragma once

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

}  // namespace keraft::ir
