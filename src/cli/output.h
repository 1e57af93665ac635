// stdout, the progress line and files of the command's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keraft_raii.hpp"

namespace keraft::cli {

/// Throws Failure(exit_output) when stdout does not take it.
void print(std::string_view text);

/// Writes the progress of a stage over the last one; only when stderr is a terminal.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  bool active() const noexcept { return active_; }
  void show(std::string_view stage, double done);
  void clear();

 private:
  bool active_, shown_ = false;
  int last_ = -1;
  std::string stage_;
};

/// A file that appears whole or not at all. The constructor already creates the temporary file, so that a path that cannot be
/// written to is known before any work is done.
class OutputFile {
 public:
  /// Throws Failure(exit_output).
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail() const;
  std::string path_, temporary_;
  int fd_ = -1;
};

/// json, html or txt, by the ending of the name; throws Failure(exit_usage) for another.
keraft_format report_format(const std::string& path);

}  // namespace keraft::cli
