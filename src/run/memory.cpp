#include "run/memory.h"

#include <new>
#include <string>

#include "base/checked.h"
#include "keraft/error.hpp"

namespace keraft {
namespace {

constexpr std::align_val_t alignment{64};

std::byte* fresh(uint64_t size) { return static_cast<std::byte*>(::operator new(size, alignment)); }
void destroy(std::byte* bytes) noexcept { ::operator delete(bytes, alignment); }

uint64_t bytes_of(DType dtype, const std::vector<int64_t>& dims) {
  if (size_of(dtype) == 0) throw Error(Status::unsupported, "cannot compute with " + std::string(name_of(dtype)));
  const auto bytes = base::mul<uint64_t>(static_cast<uint64_t>(element_count(dims)), size_of(dtype));
  if (!bytes || *bytes > uint64_t{1} << 48)
    throw Error(Status::memory, "a tensor of " + Shape::of(dims).text() + " does not fit into memory");
  return *bytes;
}

/// Never zero, so that an empty array has data too.
uint64_t rounded(uint64_t bytes) { return (bytes / 64 + 1) * 64; }

}  // namespace

Array make_array(DType dtype, std::vector<int64_t> dims) {
  std::byte* bytes = fresh(rounded(bytes_of(dtype, dims)));
  return {dtype, std::move(dims), std::shared_ptr<std::byte[]>(bytes, destroy)};
}

namespace run {

Memory::~Memory() {
  for (const auto& [size, bytes] : free_) destroy(bytes);
}

Array Memory::allocate(DType dtype, std::vector<int64_t> dims) {
  const Block block = take(rounded(bytes_of(dtype, dims)));
  return {dtype, std::move(dims),
          std::shared_ptr<std::byte[]>(block.bytes, [self = shared_from_this(), size = block.size](std::byte* bytes) {
            self->give_back({bytes, size});
          })};
}

Memory::Block Memory::take(uint64_t size) {
  const std::lock_guard lock(mutex_);
  const auto found = free_.lower_bound(size);
  // A much larger block is kept for what needs it.
  if (found != free_.end() && found->first <= 2 * size + 65536) {
    const Block block{found->second, found->first};
    free_.erase(found);
    return block;
  }
  while (!free_.empty() && (size > limit_ || held_ > limit_ - size)) {
    held_ -= free_.begin()->first;
    destroy(free_.begin()->second);
    free_.erase(free_.begin());
  }
  if (size > limit_ || held_ > limit_ - size) {
    throw Error(Status::memory, "the run needs more than the limit of " + std::to_string(limit_) + " bytes");
  }
  std::byte* bytes = fresh(size);
  held_ += size;
  return {bytes, size};
}

void Memory::give_back(Block block) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    free_.emplace(block.size, block.bytes);
  } catch (...) {
    held_ -= block.size;
    destroy(block.bytes);
  }
}

}  // namespace run
}  // namespace keraft
