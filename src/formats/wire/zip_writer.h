// Writing zip archives of stored members whose bytes are written in place by somebody else. Times are fixed: the same bytes
// each run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "formats/wire/zip_reader.h"

namespace keraft::formats::wire {

class ZipWriter {
 public:
  explicit ZipWriter(base::AtomicFile& file) : file_(file) {}

  void member(const std::string& name, std::string_view bytes);
  /// Leaves room for a header and returns where the member's bytes must be written. `wide`: it may reach 4 GiB.
  uint64_t begin(const std::string& name, bool wide);
  /// Completes the header of the member that `begin` opened.
  void end(uint64_t size, uint32_t crc);
  /// Writes the directory.
  void finish();

 private:
  void header(const ZipEntry& entry, uint64_t at, bool wide);
  base::AtomicFile& file_;
  struct Member {
    ZipEntry entry;
    uint64_t header;
    bool wide;
  };
  std::vector<Member> members_;
};

}  // namespace keraft::formats::wire
