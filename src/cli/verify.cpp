#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct CompareArgs {
  std::string a, b, report;
  Common common;
  LoadArgs load;
  VerifyArgs verify;
};

raii::Report compare(const CompareArgs& args, const raii::Context& context, std::string& reading) {
  const LoadOptions load(args.load);
  reading = args.a;
  const raii::Model a = raii::Model::load(context, args.a, load.get());
  reading = args.b;
  const keraft_load_options rules = load.rules_only();
  const raii::Model b = raii::Model::load(context, args.b, &rules);
  reading.clear();
  const keraft_verify_options options = args.verify.get();
  return a.verify(context, b, &options);
}

Exit verify(const CompareArgs& args) {
  std::optional<OutputFile> report_file;
  if (!args.report.empty()) {
    report_format(args.report);
    report_file.emplace(args.report);
  }
  ProgressLine line(args.common.quiet);
  const raii::Context context = args.common.context(line);
  Exit code = exit_done;
  raii::Report report;
  std::string reading;
  try {
    report = compare(args, context, reading);
    line.clear();
    if (report.status() == KERAFT_STATUS_MISMATCH) {
      keraft_comparison figures = KERAFT_COMPARISON_INIT;
      raii::checked([&](keraft_error** error) { return keraft_report_get_comparison(report.get(), &figures, error); });
      print_error(fmt::format("the models differ: off by {:.3g} (relative {:.3g}), first at {}", figures.max_abs,
                              figures.max_rel, raii::text(figures.first_difference)));
      code = exit_differs;
    }
  } catch (const raii::Error& error) {
    line.clear();
    print_error(error.what());
    code = exit_of(error, reading.empty() ? During::comparing : During::reading, reading);
    report = raii::failure_report(args.a, error);
  }
  if (report_file) {
    report_file->write(report.write(report_format(args.report)));
    report_file->commit();
  }
  if (args.common.json) {
    print(report.write(KERAFT_FORMAT_JSON));
  } else if (!args.common.quiet && code <= exit_differs) {
    print(report.write(KERAFT_FORMAT_TEXT));
  }
  return code;
}

}  // namespace

void add_verify(CLI::App& app, Exit& done) {
  auto args = std::make_shared<CompareArgs>();
  CLI::App* command =
      app.add_subcommand("verify", "run both on the same inputs and compare; the loading options are those of A");
  command->add_option("A", args->a)->required();
  command->add_option("B", args->b)->required();
  command->add_option("--report", args->report, "write the report to a .json, .html or .txt file");
  args->load.add_to(*command);
  args->verify.add_to(*command);
  args->common.add_to(*command);
  command->callback([args, &done] { done = verify(*args); });
}

}  // namespace keraft::cli
