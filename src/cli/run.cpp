#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/npz.h"
#include "cli/options.h"

namespace keraft::cli {
namespace {

struct RunArgs {
  std::string model, in, out;
  int repeat = 0;
  Common common;
  LoadArgs load;
};

constexpr uint64_t default_limit = uint64_t{8} << 30;

bool is_npy(const std::string& path) { return path.size() > 4 && path.substr(path.size() - 4) == ".npy"; }

std::vector<NamedArray> inputs_of(const RunArgs& args, const raii::Model& model) {
  std::vector<NamedArray> arrays;
  if (!args.in.empty()) {
    try {
      arrays = read_arrays(args.in, args.common.max_memory ? args.common.max_memory : default_limit);
    } catch (const std::runtime_error& error) {
      throw Failure(exit_input, error.what());
    }
  }
  for (NamedArray& array : arrays) {
    if (!array.name.empty()) continue;
    const auto inputs = model.inputs();
    if (inputs.size() != 1) {
      throw Failure(exit_usage,
                    fmt::format("{}: the model has {} inputs: give them by name in an .npz", args.in, inputs.size()));
    }
    array.name = raii::text(inputs[0].name);
  }
  return arrays;
}

std::string packed(const RunArgs& args, const raii::Arrays& results) {
  std::vector<keraft_tensor_view> views;
  for (size_t i = 0; i < results.size(); ++i) views.push_back(results[i]);
  if (is_npy(args.out) && views.size() != 1) {
    throw Failure(exit_usage, fmt::format("{}: there are {} outputs: use a name that ends in .npz", args.out, views.size()));
  }
  try {
    return is_npy(args.out) ? make_npy(views[0]) : make_npz(views);
  } catch (const std::runtime_error& error) {
    throw Failure(exit_unsupported, fmt::format("{}: {}", args.out, error.what()));
  }
}

double median_ms(std::vector<double>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

void run_model(const RunArgs& args, const raii::Context& context, const raii::Model& model, std::optional<OutputFile>& out) {
  const std::vector<NamedArray> inputs = inputs_of(args, model);
  std::vector<keraft_tensor_view> views;
  for (const NamedArray& input : inputs) views.push_back(input.view());
  std::vector<keraft_str> fetch;
  for (const std::string& name : args.load.outputs) fetch.push_back(raii::str(name));
  raii::Runner runner(context, model);
  const raii::Arrays results = runner.run(views, fetch);
  if (out) {
    out->write(packed(args, results));
    out->commit();
  }
  if (args.repeat == 0) return;
  std::vector<double> times;
  for (int i = 0; i < args.repeat; ++i) {
    const auto start = std::chrono::steady_clock::now();
    runner.run(views, fetch);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  print(fmt::format("{{\"repeat\": {}, \"median_ms\": {:.6g}}}\n", args.repeat, median_ms(times)));
}

Exit run(RunArgs& args) {
  if (args.out.empty() && args.repeat == 0)
    throw Failure(exit_usage, "run: say where the outputs go with -o, or time it with --repeat");
  const LoadOptions load(args.load);
  std::optional<OutputFile> out;
  if (!args.out.empty()) out.emplace(args.out);
  ProgressLine line(args.common.quiet);
  const raii::Context context = args.common.context(line);
  std::string reading = args.model;
  try {
    const raii::Model model = raii::Model::load(context, args.model, load.get());
    reading.clear();
    run_model(args, context, model, out);
    return exit_done;
  } catch (const raii::Error& error) {
    line.clear();
    print_error(error.what());
    if (args.common.json) print(raii::failure_report(args.model, error).write(KERAFT_FORMAT_JSON));
    return exit_of(error, During::reading, reading);
  }
}

}  // namespace

void add_run(CLI::App& app, Exit& done) {
  auto args = std::make_shared<RunArgs>();
  CLI::App* command = app.add_subcommand("run", "run a model on arrays");
  command->add_option("IN", args->model)->required();
  command->add_option("-i,--input", args->in, "arrays by input name (.npz), or the only one (.npy)");
  command->add_option("-o,--output", args->out, "arrays by output name (.npz), or the only one (.npy)");
  command->add_option("--repeat", args->repeat, "print the median time of so many runs as JSON")->check(CLI::PositiveNumber);
  args->load.add_to(*command);
  args->common.add_to(*command);
  command->callback([args, &done] { done = run(*args); });
}

}  // namespace keraft::cli
