#include "buffer.h"

#include <algorithm>

namespace keraft::kernels {

namespace {
constexpr std::size_t most_kept = 16;
}

Buffer Scratch::take_buffer(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  auto best = free_.end();
  for (auto it = free_.begin(); it != free_.end(); ++it)
    if (it->bytes() >= bytes && (best == free_.end() || it->bytes() < best->bytes())) best = it;
  if (best != free_.end()) {
    Buffer found = std::move(*best);
    free_.erase(best);
    return found;
  }
  if (free_.size() >= most_kept)
    free_.erase(
        std::min_element(free_.begin(), free_.end(), [](const Buffer& a, const Buffer& b) { return a.bytes() < b.bytes(); }));
  free_.reserve(2 * most_kept);  // so that give_back never allocates
  return Buffer(std::max<std::size_t>(bytes, 4096));
}

void Scratch::clear() {
  const std::lock_guard lock(mutex_);
  free_.clear();
}

void Scratch::give_back(Buffer buffer) noexcept {
  const std::lock_guard lock(mutex_);
  if (free_.size() < free_.capacity()) free_.push_back(std::move(buffer));
}

}  // namespace keraft::kernels
