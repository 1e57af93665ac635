// The sorted table of keys and values in a checkpoint's .index file (LevelDB's table format).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/budget.h"
#include "base/file.h"

namespace keraft::formats {

/// The last eight bytes of a table.
inline constexpr uint64_t table_magic = 0xdb4775248b80fb57;

/// Calls `entry` for every key in order. Checks the sums of all blocks. Throws Status::format with the offset.
void read_table(const base::File& file, base::Budget& budget,
                const std::function<void(const std::string& key, const std::string& value)>& entry);
/// Does the file end like a table?
bool is_table(const base::File& file);

}  // namespace keraft::formats
