// The Keras versions that are told apart.
#pragma once

#include <bitset>
#include <string>
#include <string_view>

namespace keraft::doctor {

/// Keras 2.6 to 2.15 and tf_keras 2.16 to 2.21, then Keras 3.0 to 3.15.
inline constexpr int first2 = 6, last2 = 21, last3 = 15;
inline constexpr size_t count2 = last2 - first2 + 1, version_count = count2 + last3 + 1;

using Versions = std::bitset<version_count>;

/// "2.15", "3.4".
std::string version_name(size_t index);

/// "2.6-2.21,3.4-3.15". Versions that are not told apart are left out.
Versions versions(std::string_view ranges);

const Versions& keras2();
const Versions& keras3();

}  // namespace keraft::doctor
