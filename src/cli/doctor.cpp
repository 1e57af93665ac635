#include <memory>

#include "cli/commands.h"
#include "cli/conclude.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct DoctorArgs {
  std::string file, fix, keras;
  bool no_verify = false;
  Common common;
};

/// Reads the file and writes it anew, in the form that all versions load, or the one asked for.
Exit mend(const DoctorArgs& args, const raii::Context& context, ProgressLine& line) {
  keraft_write_options write_options = KERAFT_WRITE_OPTIONS_INIT;
  write_options.keras = raii::str(args.keras);
  keraft_file_convert_options options = KERAFT_FILE_CONVERT_OPTIONS_INIT;
  options.write = &write_options;
  options.no_verify = args.no_verify ? 1 : 0;
  const raii::FileConversion found = raii::convert_file(context, args.file, args.fix, &options);
  line.clear();
  const Exit code = conclude({args.file}, args.fix, found);
  if (found.report && !args.common.quiet && !args.common.json && !found.failure) print(found.report.write(KERAFT_FORMAT_TEXT));
  return code;
}

Exit doctor(const DoctorArgs& args) {
  if (args.fix.empty() && (!args.keras.empty() || args.no_verify))
    throw Failure(exit_usage, "--keras and --no-verify are about the file that --fix writes");
  const keraft_format format = args.common.json ? KERAFT_FORMAT_JSON : KERAFT_FORMAT_TEXT;
  ProgressLine line(args.common.quiet);
  const raii::Context context = args.common.context(line);
  std::string found;
  try {
    found = raii::examine_file(context, args.file, format);
  } catch (const raii::Error& error) {
    line.clear();
    print_error(error.what());
    if (args.common.json) print(raii::failure_report(args.file, error).write(KERAFT_FORMAT_JSON));
    return exit_of(error, During::reading, args.file);
  }
  line.clear();
  const Exit code = args.fix.empty() ? exit_done : mend(args, context, line);
  print(found);
  if (!args.fix.empty() && (code == exit_done || code == exit_differs)) print(raii::examine_file(context, args.fix, format));
  return code;
}

}  // namespace

void add_doctor(CLI::App& app, Exit& done) {
  auto args = std::make_shared<DoctorArgs>();
  CLI::App* command = app.add_subcommand("doctor", "which Keras versions load FILE, and why the others do not");
  command->add_option("FILE", args->file, "a .keras file, an .h5 file with a model, or a SavedModel")->required();
  command->add_option("--fix", args->fix, "write a file that loads: the .keras or .h5 file to write");
  command->add_option("--keras", args->keras, "the Keras that must load the file of --fix: 2, 2.10, 3, 3.0 …");
  command->add_flag("--no-verify", args->no_verify, "leave out the comparison of FILE with the file of --fix");
  args->common.add_to(*command);
  command->callback([args, &done] { done = doctor(*args); });
}

}  // namespace keraft::cli
