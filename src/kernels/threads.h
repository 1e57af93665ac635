#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace keraft::kernels {

/// A pool of worker threads. The calling thread always takes part in the work.
/// `Threads(0)` uses every core, `Threads(1)` never starts a thread.
class Threads {
 public:
  explicit Threads(int count = 1);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  /// Number of threads that work, the caller included; at least 1.
  int count() const noexcept { return count_; }

  /// Calls fn(begin, end) for disjoint ranges that cover [0, count), each but the last one a
  /// multiple of `grain` long. Returns when all are done; the first exception is rethrown.
  /// May be called from several threads, and from inside fn: such a call runs on its caller only.
  template <class Fn>
  void parallel_for(std::int64_t count, std::int64_t grain, Fn&& fn) const {
    if (count <= 0) return;
    if (grain < 1) grain = 1;
    if (count_ == 1 || count <= grain) {
      fn(std::int64_t{0}, count);
      return;
    }
    using Body = std::remove_reference_t<Fn>;
    run(
        count, grain, [](void* body, std::int64_t begin, std::int64_t end) { (*static_cast<Body*>(body))(begin, end); },
        const_cast<void*>(static_cast<const void*>(&fn)));
  }

 private:
  using RangeFn = void (*)(void* body, std::int64_t begin, std::int64_t end);
  void run(std::int64_t count, std::int64_t grain, RangeFn fn, void* body) const;

  struct Pool;
  int count_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace keraft::kernels
