#pragma once

#include "buffer.h"
#include "isa.h"
#include "threads.h"

namespace keraft::kernels {

/// What every kernel call needs: an instruction set, threads, temporary memory. Calls that share
/// one context may run concurrently. Results do not depend on the number of threads. Tensors need no
/// alignment, but at 64 bytes (Buffer) everything that reads or writes memory is up to twice as fast.
class Kernels {
 public:
  explicit Kernels(int threads = 1, const Isa& isa = best_isa()) : isa_(isa), threads_(threads) {}

  const Isa& isa() const noexcept { return isa_; }
  const Threads& threads() const noexcept { return threads_; }
  Scratch& scratch() const noexcept { return scratch_; }

 private:
  Isa isa_;
  Threads threads_;
  mutable Scratch scratch_;
};

}  // namespace keraft::kernels
