#include "kernels/threads.h"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "kernels/buffer.h"
#include "support.h"

using namespace keraft::kernels;
using namespace keraft::kernels::test;

TEST_CASE("parallel_for covers every index once", "[kernels][threads]") {
  for (const int count : {0, 1, 2, 5}) {
    const Threads threads(count);
    CHECK(threads.count() >= 1);
    for (const Size n : {0, 1, 7, 64, 1000})
      for (const Size grain : {0, 1, 3, 100}) {
        std::vector<std::atomic<int>> seen(at(n));
        threads.parallel_for(n, grain, [&](Size begin, Size end) {
          for (Size i = begin; i < end; ++i) ++seen[at(i)];
        });
        bool once = true;
        for (const auto& s : seen) once = once && s == 1;
        CHECK(once);
      }
  }
}

TEST_CASE("one thread means the caller", "[kernels][threads]") {
  const auto caller = std::this_thread::get_id();
  bool same = true;
  Threads(1).parallel_for(100, 1, [&](Size, Size) { same = same && std::this_thread::get_id() == caller; });
  CHECK(same);
}

TEST_CASE("nested, concurrent and throwing calls", "[kernels][threads]") {
  const Threads threads(3);
  std::atomic<int> sum{0};
  threads.parallel_for(10, 1, [&](Size begin, Size end) {
    for (Size i = begin; i < end; ++i) threads.parallel_for(10, 1, [&](Size b, Size e) { sum += static_cast<int>(e - b); });
  });
  CHECK(sum == 100);

  sum = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int k = 0; k < 200; ++k) threads.parallel_for(20, 1, [&](Size b, Size e) { sum += static_cast<int>(e - b); });
    });
  for (auto& caller : callers) caller.join();
  CHECK(sum == 4 * 200 * 20);

  for (int i = 0; i < 50; ++i)
    CHECK_THROWS_AS(threads.parallel_for(100, 1,
                                         [](Size begin, Size) {
                                           if (begin == 50) throw std::runtime_error("fifty");
                                         }),
                    std::runtime_error);
  sum = 0;
  threads.parallel_for(10, 1, [&](Size b, Size e) { sum += static_cast<int>(e - b); });
  CHECK(sum == 10);
}

TEST_CASE("scratch memory is reused", "[kernels][threads]") {
  Scratch scratch;
  void* first = nullptr;
  {
    auto lease = scratch.take(100000);
    first = lease.as<void>();
    CHECK(reinterpret_cast<std::uintptr_t>(first) % Buffer::alignment == 0);
  }
  CHECK(scratch.take(50000).as<void>() == first);
  const auto a = scratch.take_buffer(1000), b = scratch.take_buffer(1000);
  CHECK(a.as<void>() != b.as<void>());
  scratch.clear();
}
