// The end of a command that makes a file of another.
#pragma once

#include <string>

#include "cli/failure.h"

namespace keraft::cli {

/// Prints what went wrong, and says how the command ends.
Exit conclude(const std::string& in, const std::string& out, const raii::FileConversion& found);

}  // namespace keraft::cli
