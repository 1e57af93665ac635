// A Keras file as it stands, for those that look at its form.
#pragma once

#include <string>

#include "keraft/control.hpp"
#include "keraft/model.hpp"
#include "keraft/value.hpp"

namespace keraft::formats {

/// Where a .keras file has its weights.
struct WeightGroups {
  bool by_dependency = false;  ///< those that Keras 2.12 to 2.14 write and read hold something
  bool by_layer = false;       ///< those of all later ones
};

struct RawKeras {
  Kind kind = Kind::keras_v3;
  std::string producer;  ///< "Keras 2.15.0", empty when the file does not say it
  Value config;
};

/// A .keras file or an .h5 file with a model. `groups`: gets those of a .keras file; may be null. Throws as their readers do.
RawKeras read_raw_keras(const std::string& path, const Control& control, WeightGroups* groups = nullptr);

}  // namespace keraft::formats
