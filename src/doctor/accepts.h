// What each Keras version has: classes by family, with the config entries that they take.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "doctor/versions.h"

namespace keraft::doctor {

struct Symbol {
  Versions there;
  Versions anything;  ///< where every entry is taken
  std::map<std::string, Versions, std::less<>> keys;
};

/// Looks "layers/Dense", "activations/relu" or "ops/numpy/Add" up, in a table made from Keras' sources
/// (cmake/scripts/keras_accepts.py). One thread.
class Accepts {
 public:
  /// Null when no version has it.
  const Symbol* find(const std::string& name);

 private:
  std::map<std::string, Symbol, std::less<>> known_;
};

}  // namespace keraft::doctor
