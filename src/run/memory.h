// The memory of a Runner: buffers come back when their last array goes, and are used again.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "keraft/run.hpp"

namespace keraft::run {

/// Always held by a shared pointer; arrays keep it alive. Thread-safe.
class Memory : public std::enable_shared_from_this<Memory> {
 public:
  explicit Memory(uint64_t limit) : limit_(limit) {}
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// Not initialised, aligned to 64 bytes. Throws Status::memory over the limit, Status::unsupported for elements without a
  /// size.
  Array allocate(DType dtype, std::vector<int64_t> dims);

 private:
  struct Block {
    std::byte* bytes;
    uint64_t size;
  };
  Block take(uint64_t size);
  void give_back(Block block) noexcept;

  std::mutex mutex_;
  std::multimap<uint64_t, std::byte*> free_;
  uint64_t held_ = 0, limit_;
};

}  // namespace keraft::run
