// Counts what a file makes us do. One object goes through every reader.
#pragma once

#include <string_view>

#include "keraft/control.hpp"

namespace keraft::base {

class Budget {
 public:
  explicit Budget(const Control& control) : control_(control) {}

  /// Each throws Status::memory with the limit's name when it is exceeded, Status::cancelled when the caller asked to stop.
  void bytes(uint64_t count);
  void nodes(uint64_t count);
  void edges(uint64_t count);
  void work(uint64_t count);
  /// Bytes of a tensor whose file holds one element of them: no memory, but whoever writes them out makes them real.
  void repeated(uint64_t count);
  /// Gives memory back that `bytes` counted.
  void release(uint64_t count) noexcept;
  int max_depth() const noexcept { return control_.limits.depth; }
  const Control& control() const noexcept { return control_; }

 private:
  const Control& control_;
  uint64_t bytes_ = 0, repeated_ = 0, nodes_ = 0, edges_ = 0, work_ = 0;
};

}  // namespace keraft::base
