// What the fuzz targets share. A refused input is a good one; a crash, an internal error or an exception of another type is a
// finding, whose input goes into the corpus once it is mended.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "base/budget.h"
#include "base/storage.h"
#include "keraft/control.hpp"
#include "keraft/error.hpp"

namespace fuzz {

/// Small enough that no input takes long, large enough that every path can be gone.
inline const keraft::Control& control() {
  static const keraft::Control out = [] {
    keraft::Control c;
    c.threads = 1;
    c.limits = {uint64_t{64} << 20, 4096, 16384, uint64_t{1} << 20, 64};
    return c;
  }();
  return out;
}

template <class Body>
int guarded(Body body) {
  try {
    body();
  } catch (const keraft::Error& error) {
    if (error.status() == keraft::Status::internal) {
      std::fprintf(stderr, "internal error: %s\n", error.what());
      std::abort();
    }
  }
  return 0;
}

inline std::string_view text_of(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

inline std::shared_ptr<const keraft::Storage> storage_of(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
  return keraft::base::memory({data, data + bytes.size()});
}

/// Files of one target, in memory where the system has a folder for that.
class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::exists("/dev/shm") ? "/dev/shm/keraft-fuzz-XXXXXX" : "/tmp/keraft-fuzz-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  std::string write(std::string_view name, std::string_view contents) const {
    std::string file = *this / name;
    std::ofstream(file, std::ios::binary) << contents;
    return file;
  }

 private:
  std::string path_;
};

inline const Folder& folder() {
  static const Folder out;
  return out;
}

}  // namespace fuzz
