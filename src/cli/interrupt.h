// SIGINT and its like set a flag; the library is asked to stop and cleans up.
#pragma once

namespace keraft::cli {

/// SIGINT, SIGTERM and SIGHUP set the flag once; the second one ends the process at once. Writing to a closed pipe or over the
/// file size limit is made an ordinary error.
void install_signal_handlers();
bool interrupted() noexcept;

}  // namespace keraft::cli
