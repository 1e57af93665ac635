// The bytes of an HDF5 file's structure, each read once: what was checked is what libhdf5 gets. Seen by the hdf5_*.cpp files
// only.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/budget.h"
#include "keraft/tensor.hpp"

namespace keraft::formats::wire {

/// Offsets count from the start of the file. No two claims overlap.
class Hdf5Snapshot {
 public:
  Hdf5Snapshot(std::shared_ptr<const Storage> source, base::Budget& budget);

  uint64_t size() const noexcept { return source_->size(); }
  const std::shared_ptr<const Storage>& source() const noexcept { return source_; }
  /// Bytes inside the file, without claiming them. Valid until the next call; `keep` gives the same ones.
  std::span<const std::byte> peek(uint64_t at, size_t count);
  /// False when a part of the range is outside the file or claimed already.
  bool claim(uint64_t at, uint64_t count);
  /// Reads bytes of structure that `claim` was asked for, and keeps them.
  std::span<std::byte> keep(uint64_t at, uint64_t count);
  /// The bytes kept from `at` on, to be changed for libhdf5.
  std::span<std::byte> kept(uint64_t at) { return kept_.at(at); }
  /// Ranges that nobody claimed, in order.
  std::vector<std::pair<uint64_t, uint64_t>> unclaimed() const;
  /// Ends the claims and what is kept, and lays that together. Only `serve`, `size` and `source` may be called then.
  void seal();
  /// After `seal`: what was kept; zero wherever nothing was.
  void serve(uint64_t at, std::span<std::byte> out) const;

 private:
  void read(uint64_t at, std::span<std::byte> out);

  std::shared_ptr<const Storage> source_;
  base::Budget& budget_;
  std::map<uint64_t, uint64_t> claimed_;  ///< start → end
  std::map<uint64_t, std::vector<std::byte>> kept_;
  struct Block {
    uint64_t at;   ///< in the file
    size_t begin;  ///< in `sealed_`; it ends where the next one begins
  };
  std::vector<Block> blocks_;
  std::vector<std::byte> sealed_;
  std::vector<std::byte> window_, peeked_;  ///< structure lies together: most of it is read by the window
  uint64_t window_at_ = 0, peeked_at_ = 0;
};

}  // namespace keraft::formats::wire
