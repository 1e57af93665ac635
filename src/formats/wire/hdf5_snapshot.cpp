#include "formats/wire/hdf5_snapshot.h"

#include <algorithm>

#include "base/checked.h"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t window_size = 16384;

}  // namespace

Hdf5Snapshot::Hdf5Snapshot(std::shared_ptr<const Storage> source, base::Budget& budget)
    : source_(std::move(source)), budget_(budget) {}

void Hdf5Snapshot::read(uint64_t at, std::span<std::byte> out) {
  if (out.size() > window_size / 4) return source_->read(at, out);
  if (window_.empty() || at < window_at_ || at + out.size() > window_at_ + window_.size()) {
    window_at_ = at;
    window_.resize(static_cast<size_t>(std::min(window_size, size() - at)));
    source_->read(window_at_, window_);
  }
  std::copy_n(window_.begin() + static_cast<ptrdiff_t>(at - window_at_), out.size(), out.begin());
}

std::span<const std::byte> Hdf5Snapshot::peek(uint64_t at, size_t count) {
  // Another program may be writing the file: what was seen once stays.
  const size_t known = at == peeked_at_ ? std::min(count, peeked_.size()) : 0;
  peeked_at_ = at;
  peeked_.resize(count);
  read(at + known, std::span(peeked_).subspan(known));
  return peeked_;
}

bool Hdf5Snapshot::claim(uint64_t at, uint64_t count) {
  const auto end = base::add(at, count);
  if (!end || *end > size()) return false;
  if (count == 0) return true;
  const auto next = claimed_.lower_bound(at);
  if (next != claimed_.end() && next->first < *end) return false;
  if (next != claimed_.begin() && std::prev(next)->second > at) return false;
  budget_.bytes(64);  // the entry of the map
  claimed_.emplace_hint(next, at, *end);
  return true;
}

std::span<std::byte> Hdf5Snapshot::keep(uint64_t at, uint64_t count) {
  budget_.bytes(count + 128);
  std::vector<std::byte>& bytes = kept_[at];
  bytes.resize(static_cast<size_t>(count));
  read(at, bytes);
  if (at == peeked_at_) std::copy_n(peeked_.begin(), std::min(peeked_.size(), bytes.size()), bytes.begin());
  return bytes;
}

std::vector<std::pair<uint64_t, uint64_t>> Hdf5Snapshot::unclaimed() const {
  std::vector<std::pair<uint64_t, uint64_t>> out;
  uint64_t at = 0;
  for (const auto& [start, end] : claimed_) {
    if (start > at) out.emplace_back(at, start);
    at = end;
  }
  if (at < size()) out.emplace_back(at, size());
  return out;
}

void Hdf5Snapshot::seal() {
  claimed_.clear();
  window_ = {};
  peeked_ = {};
  size_t total = 0;
  for (const auto& [at, bytes] : kept_) total += bytes.size();
  sealed_.reserve(total);
  blocks_.reserve(kept_.size() + 1);
  for (auto block = kept_.begin(); block != kept_.end(); block = kept_.erase(block)) {
    blocks_.push_back({block->first, sealed_.size()});
    sealed_.insert(sealed_.end(), block->second.begin(), block->second.end());
  }
  blocks_.push_back({UINT64_MAX, sealed_.size()});
}

void Hdf5Snapshot::serve(uint64_t at, std::span<std::byte> out) const {
  std::fill(out.begin(), out.end(), std::byte{0});
  auto block = std::upper_bound(blocks_.begin(), blocks_.end(), at, [](uint64_t a, const Block& b) { return a < b.at; });
  if (block != blocks_.begin()) --block;
  for (const uint64_t end = at + out.size(); block->at < end; ++block) {
    const uint64_t size = std::next(block)->begin - block->begin;
    const uint64_t from = std::max(at, block->at), to = std::min(end, block->at + size);
    if (from >= to) continue;
    std::copy(sealed_.begin() + static_cast<ptrdiff_t>(block->begin + (from - block->at)),
              sealed_.begin() + static_cast<ptrdiff_t>(block->begin + (to - block->at)),
              out.begin() + static_cast<ptrdiff_t>(from - at));
  }
}

}  // namespace keraft::formats::wire
