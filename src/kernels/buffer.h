#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace keraft::kernels {

/// 64-byte aligned memory, not initialised.
class Buffer {
 public:
  static constexpr std::size_t alignment = 64;

  Buffer() = default;
  explicit Buffer(std::size_t bytes)
      : data_(bytes == 0 ? nullptr : ::operator new (bytes, std::align_val_t{alignment})), bytes_(bytes) {}
  Buffer(Buffer&& other) noexcept : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Buffer() {
    if (data_ != nullptr) ::operator delete (data_, std::align_val_t{alignment});
  }

  std::size_t bytes() const noexcept { return bytes_; }
  template <class T>
  T* as() noexcept {
    return static_cast<T*>(data_);
  }
  template <class T>
  const T* as() const noexcept {
    return static_cast<const T*>(data_);
  }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Keeps temporary buffers between kernel calls: fresh memory costs more (page faults) than most
/// kernels. Safe to use from several threads.
class Scratch {
 public:
  class Lease {
   public:
    Lease(Scratch& owner, Buffer buffer) : owner_(owner), buffer_(std::move(buffer)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { owner_.give_back(std::move(buffer_)); }

    template <class T>
    T* as() noexcept {
      return buffer_.as<T>();
    }

   private:
    Scratch& owner_;
    Buffer buffer_;
  };

  /// Memory for the lifetime of the lease: the smallest kept buffer that fits, or a new one.
  Lease take(std::size_t bytes) { return {*this, take_buffer(bytes)}; }
  /// The same, for a Lease made later.
  Buffer take_buffer(std::size_t bytes);
  /// Frees every buffer that is not leased.
  void clear();

 private:
  void give_back(Buffer buffer) noexcept;

  std::mutex mutex_;
  std::vector<Buffer> free_;
};

}  // namespace keraft::kernels
