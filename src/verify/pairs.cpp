#include "verify/pairs.h"

#include <map>

#include "keraft/error.hpp"

namespace keraft::verifying {

std::vector<std::pair<size_t, size_t>> paired(const std::vector<Port>& a, const std::vector<Port>& b, const std::string& what) {
  if (a.size() != b.size()) {
    throw Error(Status::mismatch,
                "one model has " + std::to_string(a.size()) + " " + what + ", the other " + std::to_string(b.size()));
  }
  std::map<std::string, size_t> names;
  for (size_t i = 0; i < b.size(); ++i) names.emplace(b[i].name, i);
  std::vector<std::pair<size_t, size_t>> by_name, by_position;
  for (size_t i = 0; i < a.size(); ++i) {
    by_position.emplace_back(i, i);
    const auto found = names.find(a[i].name);
    if (found == names.end()) continue;
    by_name.emplace_back(i, found->second);
    names.erase(found);
  }
  return by_name.size() == a.size() ? by_name : by_position;
}

}  // namespace keraft::verifying
