// What every call into libhdf5 needs. Seen by the hdf5_*.cpp files only.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <utility>

namespace keraft::formats::wire {

/// Held around every call into libhdf5, closes included: one at a time in the process, nothing printed, no plug-in ever loaded.
/// The host's own error handler and plug-in setting are put back at the end.
class Hdf5Guard {
 public:
  Hdf5Guard();
  ~Hdf5Guard();
  Hdf5Guard(const Hdf5Guard&) = delete;
  Hdf5Guard& operator=(const Hdf5Guard&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
  H5E_auto2_t report_ = nullptr;
  void* report_data_ = nullptr;
  unsigned plugins_ = 0;
};

/// An HDF5 identifier that is closed with `close`. Must end inside a guard.
class Id {
 public:
  using Close = herr_t (*)(hid_t);
  Id() = default;
  Id(hid_t id, Close close) : id_(id), close_(close) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Id() { reset(); }

  void reset() noexcept {
    if (id_ >= 0) close_(id_);
    id_ = -1;
  }
  hid_t get() const noexcept { return id_; }
  explicit operator bool() const noexcept { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

}  // namespace keraft::formats::wire
