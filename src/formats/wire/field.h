// Numbers and heads of fields, as protobuf and LevelDB write them.
#pragma once

#include <cstdint>
#include <string>

namespace keraft::formats::wire {

inline std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
  return out;
}

/// What stands before the `size` bytes of a message, text or bytes field.
inline std::string field_head(int field, uint64_t size) { return varint(static_cast<uint64_t>(field) << 3 | 2) + varint(size); }

}  // namespace keraft::formats::wire
