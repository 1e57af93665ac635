// What every long call takes: limits, threads, a way to stop it, a way to watch it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace keraft {

/// Upper bounds for what a file may ask for. Exceeding one is Status::memory.
struct Limits {
  uint64_t bytes = uint64_t{8} << 30;  ///< memory held for file contents and tensors of a run
  uint64_t nodes = 4'000'000;          ///< nodes, after inlining
  uint64_t edges = 32'000'000;
  uint64_t work = uint64_t{1} << 40;  ///< elements produced by one run or by folding
  int depth = 64;                     ///< nesting of messages, functions, models
};

struct Control {
  Limits limits;
  int threads = 0;                                                    ///< 0 = all cores, 1 = never starts one
  std::function<bool()> cancelled;                                    ///< true stops the call with Status::cancelled
  std::function<void(std::string_view stage, double done)> progress;  ///< done in 0…1
};

/// Throws Status::cancelled when the caller asked to stop.
void check(const Control& control);

}  // namespace keraft
