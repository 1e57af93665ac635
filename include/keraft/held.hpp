// A counted pointer of the size of one.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace keraft {

/// Null, or something that its copies share. Counting is safe between threads, as with std::shared_ptr; the thing is not.
template <class T>
class Held {
 public:
  Held() = default;
  template <class... Args>
  static Held make(Args&&... args) {
    Held out;
    out.block_ = new Block(std::forward<Args>(args)...);
    return out;
  }
  Held(const Held& other) noexcept : block_(other.block_) {
    if (block_) block_->count.fetch_add(1, std::memory_order_relaxed);
  }
  Held(Held&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Held& operator=(Held other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Held() {
    if (block_ && block_->count.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block_;
  }

  explicit operator bool() const noexcept { return block_ != nullptr; }
  T& operator*() const noexcept { return block_->thing; }
  T* operator->() const noexcept { return &block_->thing; }
  bool alone() const noexcept { return block_ && block_->count.load(std::memory_order_acquire) == 1; }
  bool operator==(const Held& other) const noexcept { return block_ == other.block_; }

 private:
  struct Block {
    template <class... Args>
    explicit Block(Args&&... args) : thing(std::forward<Args>(args)...) {}
    std::atomic<uint32_t> count{1};
    T thing;
  };
  Block* block_ = nullptr;
};

}  // namespace keraft
