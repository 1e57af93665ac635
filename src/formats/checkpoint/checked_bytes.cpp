#include "formats/checkpoint/checked_bytes.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "formats/checkpoint/crc32c.h"

namespace keraft::formats {
namespace {

constexpr uint64_t step = 256 * 1024;

class Checked : public Storage {
 public:
  Checked(std::shared_ptr<const Storage> bytes, uint32_t masked, Place place)
      : bytes_(std::move(bytes)), masked_(masked), place_(std::move(place)) {}

  uint64_t size() const noexcept override { return bytes_->size(); }

  void read(uint64_t offset, std::span<std::byte> out) const override {
    if (!done_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      if (!done_.load(std::memory_order_relaxed)) {
        verify();
        done_.store(true, std::memory_order_release);
      }
    }
    bytes_->read(offset, out);
  }

 private:
  void verify() const {
    std::vector<std::byte> buffer(static_cast<size_t>(std::min(step, size())));
    uint32_t crc = 0;
    for (uint64_t at = 0; at < size(); at += step) {
      const auto part = std::span(buffer).first(static_cast<size_t>(std::min(step, size() - at)));
      bytes_->read(at, part);
      crc = crc32c(part, crc);
    }
    if (masked_crc(crc) != masked_)
      throw Error(Status::format, "the checksum of this tensor is wrong: the data file is damaged or of another save", place_);
  }

  std::shared_ptr<const Storage> bytes_;
  uint32_t masked_;
  Place place_;
  mutable std::atomic<bool> done_{false};
  mutable std::mutex mutex_;
};

}  // namespace

std::shared_ptr<const Storage> checked_bytes(std::shared_ptr<const Storage> bytes, uint32_t masked, Place place) {
  return std::make_shared<Checked>(std::move(bytes), masked, std::move(place));
}

}  // namespace keraft::formats
