#include "formats/wire/hdf5_places.h"

#include <algorithm>
#include <bit>

namespace keraft::formats::wire {
namespace {

constexpr uint64_t most_looked_at = uint64_t{64} << 20;  ///< bytes; whatever the file has, the rest passes
constexpr size_t block_size = 4096;

struct Elements {
  uint64_t at, size, width;
  size_t owner;
};

class Places {
 public:
  explicit Places(const Hdf5Snapshot& snapshot) : snapshot_(snapshot), holes_(snapshot.unclaimed()) {}

  /// Holes beside [from, to): before and behind; empty ranges where there is none.
  std::pair<std::pair<uint64_t, uint64_t>, std::pair<uint64_t, uint64_t>> beside(uint64_t from, uint64_t to) const {
    auto next = std::lower_bound(holes_.begin(), holes_.end(), std::pair(from, uint64_t{0}));
    std::pair before(from, from), behind(to, to);
    if (next != holes_.begin() && std::prev(next)->second == from) before = *std::prev(next);
    if (next != holes_.end() && next->first == to) behind = *next;
    return {before, behind};
  }
  bool inside_hole(uint64_t from, uint64_t size) const {
    const auto next = std::upper_bound(holes_.begin(), holes_.end(), std::pair(from, UINT64_MAX));
    return next != holes_.begin() && size <= std::prev(next)->second - std::prev(next)->first &&
           from <= std::prev(next)->second - size;
  }
  bool zero(uint64_t from, uint64_t size) const {
    std::vector<std::byte> bytes;
    while (size > 0 && left_ >= block_size) {
      left_ -= block_size;
      bytes.resize(static_cast<size_t>(std::min<uint64_t>(size, block_size)));
      snapshot_.source()->read(from, bytes);
      if (std::any_of(bytes.begin(), bytes.end(), [](std::byte b) { return b != std::byte{0}; })) return false;
      from += bytes.size();
      size -= bytes.size();
    }
    return true;
  }
  bool all_zero() const {
    return std::all_of(holes_.begin(), holes_.end(), [&](auto hole) { return zero(hole.first, hole.second - hole.first); });
  }

 private:
  const Hdf5Snapshot& snapshot_;
  std::vector<std::pair<uint64_t, uint64_t>> holes_;
  mutable uint64_t left_ = most_looked_at;
};

/// Elements that are all zero, while those of an address that differs in one byte are not, and belong to nobody.
bool could_be_elsewhere(const Places& places, const Elements& elements, uint64_t base) {
  if (!places.zero(elements.at, elements.size)) return false;
  const uint64_t address = elements.at - base;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    for (uint64_t byte = 0; byte < 256; ++byte) {
      const uint64_t other = base + ((address & ~(uint64_t{0xFF} << shift)) | byte << shift);
      if (other != elements.at && places.inside_hole(other, elements.size) && !places.zero(other, elements.size)) return true;
    }
  }
  return false;
}

}  // namespace

void check_places(Hdf5Context& context, const Hdf5Checked& checked, const std::unordered_map<uint64_t, size_t>& owners) {
  std::vector<Elements> all;
  for (const auto& [address, dataset] : checked.datasets) {
    const size_t owner = owners.at(address);
    uint64_t size = dataset.element;
    for (const uint64_t dim : dataset.dims) size *= dim;  // checked before
    if (dataset.layout == Hdf5Dataset::Layout::contiguous && dataset.at != hdf5_nowhere && size > 0) {
      all.push_back({dataset.at, size, dataset.element, owner});
    }
  }
  const Places places(context.snapshot);
  const bool clean = places.all_zero();
  const auto refuse = [&](const Elements& elements) {
    context.current = elements.owner;
    context.damaged(elements.at, "elements lie where no writer puts them, beside bytes that nobody uses");
  };
  for (const Elements& elements : all) {
    const auto [before, behind] = places.beside(elements.at, elements.at + elements.size);
    const bool aligned = elements.at % std::bit_floor(std::min<uint64_t>(elements.width, 8)) == 0;
    if (!aligned && before.first < before.second) refuse(elements);
    if (clean) continue;
    const uint64_t one = std::min(elements.width, elements.size);
    const bool used_before = !places.zero(before.first, before.second - before.first);
    const bool used_behind = !places.zero(behind.first, behind.second - behind.first);
    if ((used_behind && !aligned) || (used_before && places.zero(elements.at + elements.size - one, one)) ||
        (used_behind && places.zero(elements.at, one)) || could_be_elsewhere(places, elements, context.base)) {
      refuse(elements);
    }
  }
}

}  // namespace keraft::formats::wire
