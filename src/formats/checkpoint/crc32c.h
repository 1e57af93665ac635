// CRC-32C (Castagnoli) as checkpoints use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace keraft::formats {

/// Continues `crc` (0 at the start) over `bytes`.
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t crc = 0) noexcept;
/// The form in which a sum is stored beside the bytes that it covers.
constexpr uint32_t masked_crc(uint32_t crc) noexcept { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

}  // namespace keraft::formats
