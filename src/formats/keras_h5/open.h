// An .h5 file of a model, before its config is understood.
#pragma once

#include <string>

#include "base/budget.h"
#include "formats/wire/hdf5_reader.h"
#include "keraft/value.hpp"

namespace keraft::formats {

/// Throws Status::format for weights without a model.
struct OpenH5 {
  OpenH5(const std::string& path, base::Budget& budget);
  Value config() const;
  bool trained();  ///< does it say how to train, or keep an optimizer's state?

  std::string path;
  base::Budget& budget;
  wire::Hdf5Reader file;
  std::string version;  ///< of Keras, "1" when the file does not say it
  std::string backend;  ///< empty: the file does not say it
  std::string text;     ///< the config's JSON
};

}  // namespace keraft::formats
