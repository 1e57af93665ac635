// The end of a command that makes a file of another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/failure.h"
#include "cli/options.h"

namespace keraft::cli {

/// Prints what went wrong, and says how the command ends. `in`: what was named, the source of the weights first.
Exit conclude(const std::vector<std::string>& in, const std::string& out, const raii::FileConversion& found);

/// The file of --report, which is known to be writable before the work begins.
class ReportFile {
 public:
  explicit ReportFile(const std::string& path);
  /// Writes it, and prints the report as the options say.
  void write(const raii::FileConversion& found, const Common& common);

 private:
  std::string path_;
  std::optional<OutputFile> file_;
};

}  // namespace keraft::cli
