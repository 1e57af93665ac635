// Element types and layouts of datasets that are read. Seen by the hdf5_*.cpp files only.
#pragma once

#include <hdf5.h>

#include <string>
#include <vector>

#include "keraft/dtype.hpp"

namespace keraft::formats::wire {

struct ElementType {
  DType dtype = DType::invalid;  ///< invalid: none of ours
  bool swapped = false;          ///< big-endian in the file
};

/// `marked`: the dataset's attribute "dtype", with which Keras tells bfloat16 from plain 16-bit data.
ElementType element_type_of(hid_t type, const std::string& marked);

/// Throws unless all chunks are stored, the filters are deflate, shuffle or fletcher32, and the stored bytes can hold `size`.
void check_chunks(hid_t dataset, hid_t properties, const std::vector<hsize_t>& dims, uint64_t size, const std::string& file,
                  const std::string& path);

}  // namespace keraft::formats::wire
