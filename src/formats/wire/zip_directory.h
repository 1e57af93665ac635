// The byte layout of zip archives. Seen by the zip_*.cpp files only.
#pragma once

#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/file.h"
#include "formats/wire/zip_reader.h"

namespace keraft::formats::wire {

inline constexpr uint32_t zip_local = 0x04034b50, zip_central = 0x02014b50, zip_end = 0x06054b50;
inline constexpr uint32_t zip64_end = 0x06064b50, zip64_locator = 0x07064b50;
inline constexpr uint16_t zip64_extra = 0x0001;
inline constexpr uint32_t zip_full32 = 0xFFFFFFFF;
inline constexpr uint16_t zip_full16 = 0xFFFF;

/// The central directory, each entry compared with its local header.
std::vector<ZipEntry> read_directory(const base::File& file, base::Budget& budget);

}  // namespace keraft::formats::wire
