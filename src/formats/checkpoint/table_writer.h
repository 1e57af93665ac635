// The table of a checkpoint's .index file, written.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace keraft::formats {

class TableWriter {
 public:
  explicit TableWriter(base::AtomicFile& file) : file_(file) {}
  /// Keys come in order, each once.
  void add(std::string_view key, std::string_view value);
  void finish();

 private:
  /// Entries that share the beginning of their keys with the one before.
  struct Block {
    std::string bytes, last;
    std::string restarts;
    int entries = 0;
    void add(std::string_view key, std::string_view value);
    std::string take();
  };
  /// Returns where it lies, as the index says it.
  std::string write(Block& block);

  base::AtomicFile& file_;
  Block data_, index_;
  std::string last_;
};

}  // namespace keraft::formats
