#include "threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace keraft::kernels {

namespace {

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Long enough to bridge the gap between two kernels of one network, short enough not to burn a
// core that another process could use.
constexpr int spin_rounds = 4000;

}  // namespace

struct Threads::Pool {
  std::vector<std::thread> workers;

  std::mutex busy;  // held by the one caller whose job the workers run

  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false;
  std::atomic<std::uint64_t> generation{0};
  std::atomic<int> working{0};

  RangeFn fn = nullptr;
  void* body = nullptr;
  std::int64_t count = 0;
  std::int64_t grain = 0;
  std::atomic<std::int64_t> next{0};
  std::exception_ptr error;

  void work() noexcept {
    for (;;) {
      const std::int64_t begin = next.fetch_add(grain, std::memory_order_relaxed);
      if (begin >= count) return;
      try {
        fn(body, begin, std::min(begin + grain, count));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        next.store(count, std::memory_order_relaxed);
      }
    }
  }

  void loop() {
    std::uint64_t seen = 0;
    for (;;) {
      for (int i = 0; i < spin_rounds && generation.load(std::memory_order_acquire) == seen; ++i) relax();
      {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return stop || generation.load() != seen; });
        if (stop) return;
        seen = generation.load();
      }
      work();
      working.fetch_sub(1, std::memory_order_acq_rel);
    }
  }

  void finish() {
    {
      const std::lock_guard lock(mutex);
      stop = true;
      generation.fetch_add(1);
    }
    wake.notify_all();
    for (auto& worker : workers) worker.join();
  }
};

Threads::Threads(int count) : count_(count) {
  if (count_ <= 0) count_ = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  if (count_ == 1) return;
  pool_ = std::make_unique<Pool>();
  try {
    for (int i = 1; i < count_; ++i) pool_->workers.emplace_back([pool = pool_.get()] { pool->loop(); });
  } catch (...) {
    pool_->finish();
    throw;
  }
}

Threads::~Threads() {
  if (pool_) pool_->finish();
}

void Threads::run(std::int64_t count, std::int64_t grain, RangeFn fn, void* body) const {
  Pool& pool = *pool_;
  // A nested call finds `busy` held by its own thread; try_lock would then be undefined, so the
  // nesting is remembered per thread.
  thread_local const Pool* inside = nullptr;
  if (inside != nullptr || !pool.busy.try_lock()) {
    fn(body, 0, count);
    return;
  }
  const std::lock_guard owner(pool.busy, std::adopt_lock);
  {
    const std::lock_guard lock(pool.mutex);
    pool.fn = fn;
    pool.body = body;
    pool.count = count;
    pool.grain = grain;
    pool.error = nullptr;
    pool.next.store(0, std::memory_order_relaxed);
    pool.working.store(static_cast<int>(pool.workers.size()), std::memory_order_relaxed);
    pool.generation.fetch_add(1, std::memory_order_release);
  }
  pool.wake.notify_all();
  inside = &pool;
  pool.work();
  inside = nullptr;
  for (int round = 0; pool.working.load(std::memory_order_acquire) != 0; ++round) {
    if (round < spin_rounds)
      relax();
    else
      std::this_thread::yield();
  }
  if (pool.error) std::rethrow_exception(pool.error);
}

}  // namespace keraft::kernels
