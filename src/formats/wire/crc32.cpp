#include "formats/wire/crc32.h"

#include <zlib.h>

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace keraft::formats::wire {
namespace {

uint32_t portable(uint32_t crc, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const size_t step = std::min(bytes.size(), size_t{1} << 30);
    crc = static_cast<uint32_t>(::crc32(crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(step)));
    bytes = bytes.subspan(step);
  }
  return crc;
}

#if defined(__x86_64__)

// Folding by carry-less multiplication (Intel's white paper on CRC with PCLMULQDQ), for the bit-reflected polynomial
// 0xEDB88320. Each pair of constants is x^(n+32) and x^(n-32) mod P, reflected, for a fold over n bits.
struct Fold {
  uint64_t low, high;
};
constexpr Fold by_512{0x154442bd4, 0x1c6e41596};
constexpr Fold by_128{0x1751997d0, 0x0ccaa009e};

__attribute__((target("pclmul,sse4.1"))) inline __m128i fold(__m128i state, __m128i next, __m128i constants) noexcept {
  const __m128i low = _mm_clmulepi64_si128(state, constants, 0x00);
  const __m128i high = _mm_clmulepi64_si128(state, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/// Needs at least 64 bytes; leaves the rest (fewer than 16) and the 16 folded bytes to the portable code, which is linear.
__attribute__((target("pclmul,sse4.1"))) uint32_t folded(uint32_t crc, std::span<const std::byte> bytes) noexcept {
  const auto load = [&](size_t at) __attribute__((target("pclmul,sse4.1"))) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
  };
  __m128i a = _mm_xor_si128(load(0), _mm_cvtsi32_si128(static_cast<int>(~crc)));
  __m128i b = load(16), c = load(32), d = load(48);
  bytes = bytes.subspan(64);
  const __m128i wide = _mm_set_epi64x(static_cast<long long>(by_512.high), static_cast<long long>(by_512.low));
  while (bytes.size() >= 64) {
    a = fold(a, load(0), wide);
    b = fold(b, load(16), wide);
    c = fold(c, load(32), wide);
    d = fold(d, load(48), wide);
    bytes = bytes.subspan(64);
  }
  const __m128i narrow = _mm_set_epi64x(static_cast<long long>(by_128.high), static_cast<long long>(by_128.low));
  a = fold(a, b, narrow);
  a = fold(a, c, narrow);
  a = fold(a, d, narrow);
  while (bytes.size() >= 16) {
    a = fold(a, load(0), narrow);
    bytes = bytes.subspan(16);
  }
  alignas(16) std::byte left[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(left), a);
  // zlib inverts at both ends; a start of ~0 is the plain register 0 that the folded bytes need.
  return portable(portable(0xFFFFFFFFu, left), bytes);
}

#endif

}  // namespace

uint32_t crc32(uint32_t crc, std::span<const std::byte> bytes) noexcept {
#if defined(__x86_64__)
  static const bool fast = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  if (fast && bytes.size() >= 64) return folded(crc, bytes);
#endif
  return portable(crc, bytes);
}

uint32_t crc32_joined(uint32_t a, uint32_t b, uint64_t size_of_b) noexcept {
  return static_cast<uint32_t>(::crc32_combine(a, b, static_cast<z_off_t>(size_of_b)));
}

}  // namespace keraft::formats::wire
