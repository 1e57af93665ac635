// Reading zip archives: one strict reading or an error.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/budget.h"
#include "base/file.h"

namespace keraft::formats::wire {

struct ZipEntry {
  std::string name;
  uint64_t offset = 0;  ///< of the member's first byte in the archive
  uint64_t packed = 0, size = 0;
  uint32_t crc = 0;
  bool deflated = false;
};

class ZipReader {
 public:
  /// Throws Status::format for anything that can be read in two ways: bytes before or after the archive, members that overlap
  /// or share a name, headers that disagree; Status::unsupported for encryption and other methods than store and deflate.
  ZipReader(std::shared_ptr<const base::File> file, base::Budget& budget);

  const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
  /// Null when there is none.
  const ZipEntry* find(std::string_view name) const noexcept;
  /// The member's bytes: a range of the archive when stored (nothing is read), unpacked into memory when deflated.
  std::shared_ptr<const Storage> open(const ZipEntry& entry) const;
  /// The whole member, checked against its CRC-32; throws Status::memory when it is larger than `limit`.
  std::string text(const ZipEntry& entry, uint64_t limit) const;
  /// Throws Status::format when the bytes of `member` do not have the entry's CRC-32.
  void check(const ZipEntry& entry, const Storage& member) const;

 private:
  std::vector<std::byte> inflated(const ZipEntry& entry) const;
  std::shared_ptr<const base::File> file_;
  base::Budget& budget_;
  std::vector<ZipEntry> entries_;
};

}  // namespace keraft::formats::wire
