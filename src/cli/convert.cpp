#include <fmt/format.h>

#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/conclude.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct ConvertArgs {
  std::string in, out, to, keras, flavour, report;
  std::string allow, data_format = "channels_last";
  bool no_verify = false, unfold_bn = false;
  Common common;
  LoadArgs load;
  VerifyArgs verify;
};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

keraft_kind kind_of(const ConvertArgs& args) {
  static const std::map<std::string, keraft_kind> kinds = {
      {"keras", KERAFT_KIND_KERAS_V3},      {"h5", KERAFT_KIND_KERAS_H5},           {"graphdef", KERAFT_KIND_GRAPHDEF},
      {"pbtxt", KERAFT_KIND_GRAPHDEF_TEXT}, {"checkpoint", KERAFT_KIND_META_GRAPH}, {"saved_model", KERAFT_KIND_SAVED_MODEL},
      {"python", KERAFT_KIND_PYTHON}};
  static const std::pair<const char*, keraft_kind> endings[] = {
      {".keras", KERAFT_KIND_KERAS_V3},      {".h5", KERAFT_KIND_KERAS_H5},
      {".hdf5", KERAFT_KIND_KERAS_H5},       {".pb", KERAFT_KIND_GRAPHDEF},
      {".pbtxt", KERAFT_KIND_GRAPHDEF_TEXT}, {".meta", KERAFT_KIND_META_GRAPH},
      {"/", KERAFT_KIND_SAVED_MODEL},        {".py", KERAFT_KIND_PYTHON}};
  if (!args.to.empty()) {
    if (const auto at = kinds.find(args.to); at != kinds.end()) return at->second;
    throw Failure(
        exit_usage,
        fmt::format("--to {}: not there yet; keras, h5, graphdef, pbtxt, checkpoint, saved_model and python can be written",
                    args.to));
  }
  if (ends_with(args.out, ".weights.h5"))
    throw Failure(exit_usage, "OUT: weights alone cannot be written yet; keras and h5 can");
  for (const auto& [ending, kind] : endings) {
    if (ends_with(args.out, ending)) return kind;
  }
  throw Failure(exit_usage, "OUT must end in .keras, .h5, .hdf5, .pb, .pbtxt, .meta, .py or /, or --to must say its kind");
}

void check(const ConvertArgs& args) {
  if (!args.flavour.empty() && kind_of(args) != KERAFT_KIND_PYTHON)
    throw Failure(exit_usage, "--flavour is of Python: OUT must end in .py, or --to python say so");
}

Exit convert(const ConvertArgs& args) {
  check(args);
  const LoadOptions load(args.load);
  keraft_convert_options convert_options = KERAFT_CONVERT_OPTIONS_INIT;
  convert_options.allow = args.allow == "layers"   ? KERAFT_ALLOW_LAYERS
                          : args.allow == "ops"    ? KERAFT_ALLOW_OPS
                          : args.allow == "custom" ? KERAFT_ALLOW_CUSTOM
                                                   : KERAFT_ALLOW_DEFAULT;
  convert_options.data_format = args.data_format == "keep" ? KERAFT_DATA_FORMAT_KEEP : KERAFT_DATA_FORMAT_CHANNELS_LAST;
  convert_options.unfold_batch_norm = args.unfold_bn ? 1 : 0;
  keraft_write_options write_options = KERAFT_WRITE_OPTIONS_INIT;
  write_options.keras = raii::str(args.keras);
  write_options.flavour = args.flavour == "tensorflow" ? KERAFT_LANGUAGE_TENSORFLOW : KERAFT_LANGUAGE_KERAS;
  write_options.train = args.load.train ? 1 : 0;
  write_options.signature = raii::str(args.load.signature);
  const keraft_verify_options verify_options = args.verify.get();
  keraft_file_convert_options options = KERAFT_FILE_CONVERT_OPTIONS_INIT;
  options.load = load.get();
  options.convert = &convert_options;
  options.write = &write_options;
  options.verify = &verify_options;
  options.kind = kind_of(args);
  options.no_verify = args.no_verify ? 1 : 0;

  ReportFile report_file(args.report);
  ProgressLine line(args.common.quiet);
  const raii::Context context = args.common.context(line);
  const raii::FileConversion found = raii::convert_file(context, args.in, args.out, &options);
  line.clear();
  const Exit code = conclude({args.in}, args.out, found);
  report_file.write(found, args.common);
  return code;
}

}  // namespace

void add_convert(CLI::App& app, Exit& done) {
  auto args = std::make_shared<ConvertArgs>();
  CLI::App* command = app.add_subcommand("convert", "convert IN; the kind of OUT follows from its name, or from --to");
  command->add_option("IN", args->in)->required();
  command->add_option("OUT", args->out)->required();
  command
      ->add_option(
          "--to", args->to,
          "keras, h5, graphdef, pbtxt, checkpoint (with its meta graph; restored by name or by object), saved_model, python")
      ->check(CLI::IsMember({"keras", "h5", "weights", "saved_model", "graphdef", "pbtxt", "checkpoint", "python"}));
  command->add_option("--keras", args->keras, "the Keras that must load OUT: 2, 2.10, 3, 3.0 …");
  command
      ->add_option("--allow", args->allow,
                   "how far the fallback may go: layers, ops, custom; said, custom makes stubs of unknown ops too")
      ->check(CLI::IsMember({"layers", "ops", "custom"}));
  command
      ->add_option("--flavour", args->flavour,
                   "of Python: keras (default), or tensorflow: variables and ops, with --train a training step")
      ->check(CLI::IsMember({"keras", "tensorflow"}));
  command->add_option("--data-format", args->data_format, "images with their channels first: channels_last (default), or keep")
      ->check(CLI::IsMember({"channels_last", "keep"}));
  command->add_flag("--unfold-bn", args->unfold_bn, "an identity BatchNormalization behind what an exporter folded one into");
  command->add_flag("--no-verify", args->no_verify, "leave out the comparison of IN with the written OUT");
  command->add_option("--report", args->report, "write the report to a .json, .html or .txt file");
  args->load.add_to(*command);
  args->verify.add_to(*command);
  args->common.add_to(*command);
  command->callback([args, &done] { done = convert(*args); });
}

}  // namespace keraft::cli
