// Element types of datasets that are read. Seen by the hdf5_*.cpp files only.
#pragma once

#include <hdf5.h>

#include <string>

#include "keraft/dtype.hpp"

namespace keraft::formats::wire {

struct ElementType {
  DType dtype = DType::invalid;  ///< invalid: none of ours
  bool swapped = false;          ///< big-endian in the file
};

/// `marked`: the dataset's attribute "dtype", with which Keras tells bfloat16 from plain 16-bit data.
ElementType element_type_of(hid_t type, const std::string& marked);

}  // namespace keraft::formats::wire
