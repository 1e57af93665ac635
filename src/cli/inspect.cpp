#include <memory>

#include "cli/commands.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct InspectArgs {
  std::string in;
  Common common;
  LoadArgs load;
};

Exit inspect(const InspectArgs& args) {
  const LoadOptions load(args.load);
  ProgressLine line(args.common.quiet);
  const raii::Context context = args.common.context(line);
  try {
    const raii::Model model = raii::Model::load(context, args.in, load.get());
    line.clear();
    print(model.inspect(args.common.json ? KERAFT_FORMAT_JSON : KERAFT_FORMAT_TEXT));
    return exit_done;
  } catch (const raii::Error& error) {
    line.clear();
    print_error(error.what());
    if (args.common.json) print(raii::failure_report(args.in, error).write(KERAFT_FORMAT_JSON));
    return exit_of(error, During::reading, args.in);
  }
}

}  // namespace

void add_inspect(CLI::App& app, Exit& done) {
  auto args = std::make_shared<InspectArgs>();
  CLI::App* command = app.add_subcommand("inspect", "what is in a file");
  command->add_option("IN", args->in)->required();
  args->load.add_to(*command);
  args->common.add_to(*command);
  command->callback([args, &done] { done = inspect(*args); });
}

}  // namespace keraft::cli
