// One function per subcommand: adds it to the app; `done` gets its exit code when it was chosen.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/failure.h"

namespace keraft::cli {

void add_convert(CLI::App& app, Exit& done);
void add_inspect(CLI::App& app, Exit& done);
void add_verify(CLI::App& app, Exit& done);
void add_run(CLI::App& app, Exit& done);
void add_doctor(CLI::App& app, Exit& done);
void add_transfer(CLI::App& app, Exit& done);
void add_support(CLI::App& app, Exit& done);

}  // namespace keraft::cli
