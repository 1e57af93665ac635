#pragma once

#include <string>
#include <string_view>

namespace keraft::recover {

/// "a/b/MatMul" → "a/b"; empty for a name without a scope.
inline std::string scope(std::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(name.substr(0, slash));
}

}  // namespace keraft::recover
