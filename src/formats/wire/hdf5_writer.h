// Writing HDF5: structure first, then the datasets' bytes straight to where they belong.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "keraft/dtype.hpp"

namespace keraft::formats::wire {

/// Paths are absolute ("/layers/dense/vars/0"); groups are made as needed. The same calls give the same bytes.
class Hdf5Writer {
 public:
  /// The HDF5 file begins at `base` in `target`.
  Hdf5Writer(base::AtomicFile& target, uint64_t base);
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  void group(const std::string& path);
  /// A fixed-length string attribute, or a variable-length one where a header message cannot hold it.
  void text(const std::string& path, const char* name, const std::string& value);
  /// An array of fixed-length strings; split into name0, name1, … where a header message cannot hold it.
  void texts(const std::string& path, const char* name, const std::vector<std::string>& values);
  /// A contiguous dataset. Returns where in `target` its bytes must be written.
  uint64_t dataset(const std::string& path, DType dtype, const std::vector<int64_t>& dims);
  /// A second name of an object.
  void link(const std::string& existing, const std::string& path);
  /// Writes the structure out; returns the size of the HDF5 file. Nothing else may follow.
  uint64_t finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keraft::formats::wire
