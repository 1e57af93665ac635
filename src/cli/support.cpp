#include <memory>

#include "cli/commands.h"
#include "cli/output.h"

namespace keraft::cli {

void add_support(CLI::App& app, Exit& done) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("support", "the tables of ops and layers");
  command->add_flag("--json", *json, "JSON on stdout");
  command->callback([json, &done] {
    print(raii::support(*json ? KERAFT_FORMAT_JSON : KERAFT_FORMAT_TEXT));
    done = exit_done;
  });
}

}  // namespace keraft::cli
