#include <memory>

#include "cli/commands.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct SupportArgs {
  bool json = false;
  std::string rules;
};

}  // namespace

void add_support(CLI::App& app, Exit& done) {
  auto args = std::make_shared<SupportArgs>();
  CLI::App* command = app.add_subcommand("support", "the tables of ops and layers");
  command->add_flag("--json", args->json, "JSON on stdout");
  command->add_option("--rules", args->rules, "more ops and layers: a file in the form of docs/extending.md");
  command->callback([args, &done] {
    print(registry_of(args->rules).write(args->json ? KERAFT_FORMAT_JSON : KERAFT_FORMAT_TEXT));
    done = exit_done;
  });
}

}  // namespace keraft::cli
