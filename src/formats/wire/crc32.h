// CRC-32 of zip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace keraft::formats::wire {

/// Continues `crc` (0 at the start) over `bytes`.
uint32_t crc32(uint32_t crc, std::span<const std::byte> bytes) noexcept;
/// The sum of A followed by B from the sums of both and the size of B.
uint32_t crc32_joined(uint32_t a, uint32_t b, uint64_t size_of_b) noexcept;

}  // namespace keraft::formats::wire
