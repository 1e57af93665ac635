// A .keras archive, before its config is understood.
#pragma once

#include <memory>
#include <string>

#include "base/budget.h"
#include "formats/keras_v3/read.h"
#include "formats/wire/hdf5_reader.h"
#include "formats/wire/zip_reader.h"
#include "keraft/value.hpp"

namespace keraft::formats {

/// Throws Status::format for what is no such archive, Status::unsupported for weights that are not in one HDF5 file.
struct OpenArchive {
  OpenArchive(const std::string& path, base::Budget& budget, Checksums checksums);
  Value config() const;

  std::string path;
  base::Budget& budget;
  wire::ZipReader zip;
  std::string producer;  ///< "Keras 2.15.0", empty when the file does not say it
  wire::Hdf5Reader tree;
};

}  // namespace keraft::formats
