#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/conclude.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct TransferArgs {
  std::string weights, model, out, keras, report, prefix;
  std::string layout = "hwio", by = "evidence";
  std::vector<std::string> renames;
  bool partial = false;
  Common common;
  LoadArgs load;
};

std::vector<keraft_rename> renames_of(const TransferArgs& args) {
  std::vector<keraft_rename> out;
  for (const std::string& rule : args.renames) {
    const size_t at = rule.find('=');
    if (at == std::string::npos || at == 0)
      throw Failure(exit_usage, fmt::format("--rename {}: not of the form FROM=TO", rule));
    const std::string_view text = rule;
    out.push_back({raii::str(text.substr(0, at)), raii::str(text.substr(at + 1))});
  }
  return out;
}

Exit transfer(const TransferArgs& args) {
  const std::vector<keraft_rename> renames = renames_of(args);
  const LoadOptions load(args.load);
  keraft_transfer_options transfer_options = KERAFT_TRANSFER_OPTIONS_INIT;
  transfer_options.prefix = raii::str(args.prefix);
  transfer_options.renames = renames.data();
  transfer_options.rename_count = renames.size();
  transfer_options.by = args.by == "order"   ? KERAFT_MATCH_BY_ORDER
                        : args.by == "names" ? KERAFT_MATCH_BY_NAMES
                                             : KERAFT_MATCH_BY_EVIDENCE;
  transfer_options.layout = args.layout == "oihw" ? KERAFT_KERNEL_LAYOUT_OUTPUT_FIRST : KERAFT_KERNEL_LAYOUT_KERAS;
  transfer_options.partial = args.partial ? 1 : 0;
  keraft_write_options write_options = KERAFT_WRITE_OPTIONS_INIT;
  write_options.keras = raii::str(args.keras);
  keraft_file_transfer_options options = KERAFT_FILE_TRANSFER_OPTIONS_INIT;
  options.load = load.get();
  options.transfer = &transfer_options;
  options.write = &write_options;

  ReportFile report_file(args.report);
  ProgressLine line(args.common.quiet);
  const raii::Context context = args.common.context(line);
  const raii::FileConversion found = raii::transfer_file(context, args.weights, args.model, args.out, &options);
  line.clear();
  const Exit code = conclude({args.weights, args.model}, args.out, found);
  report_file.write(found, args.common);
  return code;
}

}  // namespace

void add_transfer(CLI::App& app, Exit& done) {
  auto args = std::make_shared<TransferArgs>();
  CLI::App* command = app.add_subcommand(
      "transfer", "the Keras model MODEL with the weights of WEIGHTS, as OUT; the loading options are those of WEIGHTS");
  command->add_option("WEIGHTS", args->weights, "checkpoint, SavedModel or graph, Keras file with or without a model, .npz")
      ->required();
  command->add_option("MODEL", args->model, "Keras model: .keras or .h5")->required();
  command->add_option("OUT", args->out, ".keras or .h5")->required();
  command->add_flag("--partial", args->partial, "weights that nothing fits keep MODEL's values, and are listed");
  command->add_option("--prefix", args->prefix, "take what has a name below it, by the rest of that name");
  command
      ->add_option("--rename", args->renames, "FROM=TO: components of the names in WEIGHTS and what replaces them; repeatable")
      ->allow_extra_args(false);
  command->add_option("--by", args->by, "what decides: evidence (order, then names; default), order, names")
      ->check(CLI::IsMember({"evidence", "order", "names"}));
  command->add_option("--layout", args->layout, "of kernels in WEIGHTS: hwio (Keras', default), oihw (PyTorch's)")
      ->check(CLI::IsMember({"hwio", "oihw"}));
  command->add_option("--keras", args->keras, "the Keras that must load OUT: 2, 2.10, 3, 3.0 …");
  command->add_option("--report", args->report, "write the report to a .json, .html or .txt file");
  args->load.add_to(*command);
  args->common.add_to(*command);
  command->callback([args, &done] { done = transfer(*args); });
}

}  // namespace keraft::cli
