#include "cli/options.h"

#include "cli/failure.h"
#include "cli/interrupt.h"

namespace keraft::cli {
namespace {

std::vector<keraft_str> views(const std::vector<std::string>& texts) {
  std::vector<keraft_str> out;
  for (const std::string& text : texts) out.push_back(raii::str(text));
  return out;
}

void add_names(CLI::App& app, const char* name, std::vector<std::string>& names, const char* help) {
  app.add_option(name, names, help)->delimiter(',')->allow_extra_args(false);
}

}  // namespace

void Common::add_to(CLI::App& app) {
  app.add_option("--max-memory", max_memory, "bytes that contents and tensors may take (default 8 GiB)");
  app.add_option("--threads", threads, "threads to use; 0 = all cores")->check(CLI::NonNegativeNumber);
  app.add_flag("--quiet", quiet, "nothing but errors and what was asked for");
  app.add_flag("--json", json, "JSON on stdout");
}

raii::Context Common::context(ProgressLine& line) const {
  keraft_context_options options = KERAFT_CONTEXT_OPTIONS_INIT;
  options.max_bytes = max_memory;
  options.threads = threads;
  std::function<void(std::string_view, double)> progress;
  if (line.active()) progress = [&line](std::string_view stage, double done) { line.show(stage, done); };
  return raii::Context(options, interrupted, progress);
}

raii::Registry registry_of(const std::string& rules) {
  raii::Registry out;
  if (rules.empty()) return out;
  try {
    out.load_rules(rules);
  } catch (const raii::Error& error) {
    throw Failure(exit_usage, "--rules: " + std::string(error.what()));
  }
  return out;
}

void LoadArgs::add_to(CLI::App& app) {
  app.add_option("--checkpoint", checkpoint, "prefix of the checkpoint of a .meta file");
  app.add_option("--rules", rules, "more ops and layers: a file in the form of docs/extending.md");
  app.add_option("--signature", signature, "which signature of a SavedModel");
  add_names(app, "--tags", tags, "which meta graph of a SavedModel: T,U");
  add_names(app, "--inputs", inputs, "node or tensor names: A,B");
  add_names(app, "--outputs", outputs, "node or tensor names: C,D");
  app.add_option("--shape", shapes, "a shape where the source has none: NAME=B,224,224,3")->allow_extra_args(false);
  app.add_flag("--follow-links", follow_links, "links in a SavedModel may lead out of its folder");
  app.add_option("--backend", backend, "which backend wrote a Keras file that does not say it")
      ->check(CLI::IsMember({"tensorflow", "theano"}));
  CLI::Option* keep = app.add_flag("--train", train, "keep the training parts");
  app.add_flag("--infer", infer, "drop the training parts")->excludes(keep);
  app.add_flag("--ema", ema, "exponential moving averages instead of the variables that they follow");
}

LoadOptions::LoadOptions(const LoadArgs& args)
    : registry_(registry_of(args.rules)), tags_(views(args.tags)), inputs_(views(args.inputs)), outputs_(views(args.outputs)) {
  for (const std::string& shape : args.shapes) {
    const size_t equals = shape.rfind('=');
    if (equals == std::string::npos || equals == 0) throw Failure(exit_usage, "--shape wants NAME=SIZES, as in x=B,224,224,3");
    const std::string_view all = shape;
    shapes_.push_back({raii::str(all.substr(0, equals)), raii::str(all.substr(equals + 1))});
  }
  raw_.checkpoint = raii::str(args.checkpoint);
  raw_.signature = raii::str(args.signature);
  raw_.tags = tags_.data();
  raw_.tag_count = tags_.size();
  raw_.inputs = inputs_.data();
  raw_.input_count = inputs_.size();
  raw_.outputs = outputs_.data();
  raw_.output_count = outputs_.size();
  raw_.shapes = shapes_.data();
  raw_.shape_count = shapes_.size();
  raw_.infer = args.infer ? 1 : 0;
  raw_.ema = args.ema ? 1 : 0;
  raw_.follow_links = args.follow_links ? 1 : 0;
  if (!args.backend.empty()) raw_.backend = args.backend == "theano" ? KERAFT_BACKEND_THEANO : KERAFT_BACKEND_TENSORFLOW;
  raw_.registry = registry_.get();
}

keraft_load_options LoadOptions::rules_only() const noexcept {
  keraft_load_options out = KERAFT_LOAD_OPTIONS_INIT;
  out.registry = raw_.registry;
  return out;
}

void VerifyArgs::add_to(CLI::App& app) {
  app.add_option("--samples", samples, "random input sets, each with batch 1 and 3 (default 2)")->check(CLI::PositiveNumber);
  app.add_option("--seed", seed, "of the random inputs (default 1)")->check(CLI::PositiveNumber);
  app.add_option("--rtol", rtol, "of the largest magnitude (default 1e-4)")->check(CLI::NonNegativeNumber);
  app.add_option("--atol", atol, "(default 1e-6)")->check(CLI::NonNegativeNumber);
}

keraft_verify_options VerifyArgs::get() const {
  keraft_verify_options out = KERAFT_VERIFY_OPTIONS_INIT;
  out.samples = samples;
  out.seed = seed;
  out.rtol = rtol == 0 ? -1 : rtol;
  out.atol = atol == 0 ? -1 : atol;
  return out;
}

}  // namespace keraft::cli
