#include <cstdio>
#include <optional>

#include "file_call.h"
#include "handles.h"
#include "staging.h"

using namespace keraft;
using capi::ends_with;
using capi::guard;
using capi::need;

namespace {

struct ConvertJob {
  const Control& control;
  std::string source, target;
  LoadOptions load;
  ConvertOptions convert;
  WriteOptions write;
  VerifyOptions verify;
  Kind kind = Kind::keras_v3;
  bool compare = true;
};

/// Reads the written file back and runs it against the source.
void compare(const ConvertJob& job, Model source, std::map<std::string, Edge> source_of, LoadOptions options,
             const std::string& path, keraft_report& found) {
  options.registry = source.registry;
  Model written = load(path, options, job.control);
  written.source_of = std::move(source_of);
  found.report.verification = verify(std::move(source), std::move(written), job.verify, job.control);
  if (!found.report.verification->equal) found.report.status = "differs";
}

/// Writes a conversion and compares it; the file takes its place unless `must_agree` and it differs.
void finish(const ConvertJob& job, Model source, Conversion done, bool must_agree, keraft_report& found) {
  const Report::Side side = std::move(found.report.source);
  found.report = std::move(done.report);
  if (found.report.source.path.empty()) found.report.source = side;
  describe_target(done.model, job.target, job.kind, job.write, found.report);
  if (found.report.status != "ok") return;

  // Only the file counts when it is written.
  std::map<std::string, Edge> source_of = std::move(done.model.source_of);
  LoadOptions ends;
  if (!has_layers(job.kind) && job.kind != Kind::saved_model) {
    for (const Port& port : done.model.graph.inputs) ends.inputs.push_back(port.name);
    for (const Port& port : done.model.graph.outputs) ends.outputs.push_back(port.name);
  }
  capi::put_in_place(done.model, job.target, job.kind, job.write, job.control, found, [&](const std::string& written) {
    done.model = {};
    if (job.compare && done.not_run.empty() && job.kind != Kind::python) {
      found.stage = KERAFT_STAGE_VERIFY;
      compare(job, std::move(source), std::move(source_of), std::move(ends), written, found);
    }
    return !must_agree || found.report.status == "ok";
  });
}

/// The author's own layers, where the source has metadata that tells them and they compute what the graph computes. Otherwise
/// false, and `why` says what is wrong with them.
bool run_by_metadata(const ConvertJob& job, const Model& source, keraft_report& found, std::string& why) {
  auto noted = convert_by_metadata(source, job.load, job.convert, job.control, why);
  if (!noted) return false;
  try {
    finish(job, source, std::move(*noted), true, found);
  } catch (const Error& error) {
    const Status status = error.status();
    if (status != Status::format && status != Status::unsupported && status != Status::mismatch) throw;
    why = error.what();
    return false;
  }
  if (found.report.status == "ok") return true;
  const Verification& seen = *found.report.verification;
  char off[80];
  std::snprintf(off, sizeof off, "off by %.3g (relative %.3g)", seen.max_abs, seen.max_rel);
  why = std::string("it computes something else than the graph: ") + off + ", first at " + seen.first_difference;
  return false;
}

void convert_file(const ConvertJob& job, keraft_report& found) {
  found.report.source.path = job.source;
  found.stage = KERAFT_STAGE_LOAD;
  Model source = load(job.source, job.load, job.control);
  found.report.source = capi::side_of(source);

  found.stage = KERAFT_STAGE_CONVERT;
  std::string why;
  if (!has_layers(job.kind) || !run_by_metadata(job, source, found, why)) {
    found.stage = KERAFT_STAGE_CONVERT;
    Conversion done = convert(source, job.convert, job.control);
    const bool low_level = job.kind == Kind::python && job.write.flavour == Language::tensorflow;
    if (low_level && done.report.status == "unsupported" && !source.keras()) {
      ConvertOptions ops = job.convert;
      ops.to = Language::tensorflow;
      done = convert(source, ops, job.control);
      done.report.lossy.push_back({"layers", "not every node is part of a layer: the graph's own ops are written"});
    }
    if (!why.empty()) done.report.lossy.insert(done.report.lossy.begin(), {"metadata", "not used: " + why});
    finish(job, std::move(source), std::move(done), false, found);
  }
  found.status = capi::status_of(found.report);
}

}  // namespace

extern "C" {

keraft_status keraft_file_convert(const keraft_context* context, keraft_str source, keraft_str target,
                                  const keraft_file_convert_options* options, keraft_report** report, keraft_error** error) {
  if (report) *report = nullptr;
  return guard(error, [&] {
    const keraft_file_convert_options from = capi::options(options);
    ConvertJob job{capi::control_of(context),        capi::path(source, "source"),        capi::path(target, "target"),
                   capi::load_options(from.load),    capi::convert_options(from.convert), capi::write_options(from.write),
                   capi::verify_options(from.verify)};
    job.kind = capi::kind_of(job.target, from.kind);
    if (job.kind == Kind::meta_graph && !ends_with(job.target, ".meta")) job.target += ".meta";
    job.convert.to = has_layers(job.kind) ? Language::keras : Language::tensorflow;
    job.convert.training_calls = job.kind == Kind::saved_model;
    capi::refuse_inside(job.source, job.target);
    job.compare = from.no_verify == 0;
    capi::with_report(report, [&](keraft_report& found) { convert_file(job, found); });
  });
}

}  // extern "C"
