#include "doctor/versions.h"

#include <algorithm>
#include <charconv>

#include "base/string.h"

namespace keraft::doctor {
namespace {

/// Where "2.15" stands; the nearest later place for one that is not told apart.
size_t index_of(std::string_view name) {
  int line = 0, minor = 0;
  const size_t dot = name.find('.');
  std::from_chars(name.data(), name.data() + std::min(dot, name.size()), line);
  if (dot != std::string_view::npos) std::from_chars(name.data() + dot + 1, name.data() + name.size(), minor);
  if (line >= 3) return count2 + static_cast<size_t>(std::clamp(minor, 0, last3));
  return static_cast<size_t>(std::clamp(minor, first2, last2) - first2);
}

}  // namespace

std::string version_name(size_t index) {
  if (index >= count2) return "3." + std::to_string(index - count2);
  return "2." + std::to_string(index + static_cast<size_t>(first2));
}

Versions versions(std::string_view ranges) {
  Versions out;
  for (const std::string& range : base::split(std::string(ranges), ',')) {
    if (range.empty()) continue;
    const size_t dash = range.find('-');
    const size_t last =
        index_of(dash == std::string::npos ? std::string_view(range) : std::string_view(range).substr(dash + 1));
    for (size_t i = index_of(std::string_view(range).substr(0, dash)); i <= last; ++i) out.set(i);
  }
  return out;
}

const Versions& keras2() {
  static const Versions all = versions("2.6-2.21");
  return all;
}

const Versions& keras3() {
  static const Versions all = versions("3.0-3.15");
  return all;
}

}  // namespace keraft::doctor
