// How the command ends.
#pragma once

#include <stdexcept>
#include <string>

#include "keraft_raii.hpp"

namespace keraft::cli {

enum Exit : int {
  exit_done = 0,
  exit_differs = 1,
  exit_usage = 2,
  exit_input = 3,
  exit_unsupported = 4,
  exit_output = 5,
  exit_budget = 6,
  exit_internal = 70,
  exit_interrupted = 130,
};

/// An error of the command itself; `what` is one line.
class Failure : public std::runtime_error {
 public:
  Failure(Exit code, const std::string& what) : std::runtime_error(what), code_(code) {}
  Exit code() const noexcept { return code_; }

 private:
  Exit code_;
};

enum class During { reading, writing, comparing };

/// `input`: the file that was being read, to tell a refused file from a wrong option.
Exit exit_of(const raii::Error& error, During during, const std::string& input = {});

/// "keraft: error: …" on stderr; control characters other than line ends are escaped.
void print_error(const std::string& text);

}  // namespace keraft::cli
