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

  std::string path;
  base::Budget& budget;
  wire::Hdf5Reader file;
  std::string version;  ///< of Keras, "1" when the file does not say it
  std::string backend;
  std::string text;  ///< the config's JSON
};

/// Throws Status::unsupported for the backends whose convolution kernels are flipped.
void check_backend(const std::string& backend, const std::string& path);

}  // namespace keraft::formats
