// What keeps Keras versions from loading a file.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "doctor/versions.h"

namespace keraft::doctor {

struct Finding {
  Versions refuse;
  std::string where, what;
};

/// In the order in which they were found; the same one once.
class Findings {
 public:
  void add(Versions refuse, std::string where, std::string what);
  const std::vector<Finding>& all() const noexcept { return all_; }

 private:
  std::vector<Finding> all_;
  std::map<std::pair<std::string, std::string>, size_t> known_;  // where, what: its place in all_
};

}  // namespace keraft::doctor
