// libhdf5 never opens a path: all bytes come and go through this driver, so that an HDF5 file may lie anywhere in another file
// and every error of the system is ours. Seen by the hdf5_*.cpp files only.
#pragma once

#include <exception>

#include "base/file.h"
#include "formats/wire/hdf5_guard.h"
#include "formats/wire/hdf5_snapshot.h"

namespace keraft::formats::wire {

/// Where the bytes of one HDF5 file lie: either what was checked of a file, or to be written from `base` on in `target`.
struct Hdf5Bytes {
  const Hdf5Snapshot* checked = nullptr;
  base::AtomicFile* target = nullptr;
  uint64_t base = 0;
  uint64_t end = 0;          ///< of a file being written: its size so far
  std::exception_ptr error;  ///< what a callback could not throw through libhdf5

  /// Throws what a callback left behind.
  void rethrow() const {
    if (error) std::rethrow_exception(error);
  }
};

/// A file access list that uses `bytes`, which must outlive the files opened with it. Inside a guard.
class Hdf5Driver {
 public:
  explicit Hdf5Driver(Hdf5Bytes* bytes);
  hid_t access() const noexcept { return access_.get(); }

 private:
  Id driver_, access_;
};

}  // namespace keraft::formats::wire
