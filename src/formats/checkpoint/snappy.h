// Decompression of the Snappy block format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keraft::formats {

/// Throws Status::format when the bytes are damaged, Status::memory when the result would be longer than `limit`.
std::string snappy_decompressed(std::string_view bytes, uint64_t limit);

}  // namespace keraft::formats
