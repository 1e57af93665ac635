// Runs of statements that stand in a program several times.
#pragma once

#include <vector>

#include "emit/program.h"

namespace keraft::emit {

inline constexpr size_t function_frame = 3;  ///< lines of a function beside its statements

/// Runs that call the same in the same way, but for their arguments and for the tensors that they start from. Only the last
/// result of a run is read behind it. They do not overlap.
struct Repeat {
  std::vector<size_t> starts;
  size_t length = 0;
  size_t bound = 0;  ///< no function in their place saves more lines
};

/// The program's items, read by position.
class Reading {
 public:
  explicit Reading(const Program& program);

  /// The most promising first. To be checked.
  std::vector<Repeat> repeats() const;
  /// Drops runs that are not what the first one is: hashes may be equal by chance.
  void check(Repeat& repeat) const;
  /// The tensors that a run starts from, in the order of their use.
  std::vector<Edge> tensors(size_t start, size_t length) const;
  /// By item: is its result read by the next one alone?
  std::vector<bool> handed_on() const;
  /// The position behind which nobody reads the item's result.
  size_t last_read(size_t item) const { return last_read_[item]; }

 private:
  struct Window {
    uint64_t hash;
    uint32_t start, length;
  };
  uint64_t token(const Item& item, int closeness) const;
  void windows(size_t start, size_t most, const std::vector<uint64_t>& tokens, std::vector<Window>& out) const;
  std::vector<int64_t> shape(size_t start, size_t length) const;
  void gather(std::vector<Window>& windows, std::vector<Repeat>& out) const;

  const Program& program_;
  std::vector<size_t> position_;           ///< by node
  std::vector<size_t> last_read_, reads_;  ///< by item
};

}  // namespace keraft::emit
