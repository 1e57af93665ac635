#include "file_call.h"
#include "keraft/transfer.hpp"
#include "staging.h"

using namespace keraft;
using capi::guard;

namespace {

struct TransferJob {
  const Control& control;
  std::string weights, model, target;
  LoadOptions load;
  TransferOptions transfer;
  WriteOptions write;
  Kind kind = Kind::keras_v3;
};

TransferOptions transfer_options(const keraft_transfer_options* given) {
  const keraft_transfer_options from = capi::options(given);
  TransferOptions out;
  out.prefix = capi::text(from.prefix, "prefix");
  if (from.rename_count) capi::need(from.renames, "renames");
  for (size_t i = 0; i < from.rename_count; ++i) {
    out.renames.emplace_back(capi::text(from.renames[i].from, "renames"), capi::text(from.renames[i].to, "renames"));
    if (out.renames.back().first.empty()) capi::refuse("a rename of nothing");
  }
  if (from.by < KERAFT_MATCH_BY_EVIDENCE || from.by > KERAFT_MATCH_BY_NAMES) capi::refuse("unknown value of by");
  out.by = static_cast<MatchBy>(from.by);
  if (from.layout != KERAFT_KERNEL_LAYOUT_KERAS && from.layout != KERAFT_KERNEL_LAYOUT_OUTPUT_FIRST)
    capi::refuse("unknown value of layout");
  out.layout = static_cast<KernelLayout>(from.layout);
  out.partial = from.partial != 0;
  return out;
}

void transfer_file(const TransferJob& job, keraft_report& found) {
  found.report.source.path = job.weights;
  found.stage = KERAFT_STAGE_LOAD;
  Conversion done = transfer_weights(job.weights, job.model, job.transfer, job.load, job.control);
  found.report = std::move(done.report);
  found.stage = KERAFT_STAGE_CONVERT;
  describe_target(done.model, job.target, job.kind, job.write, found.report);
  found.status = capi::status_of(found.report);
  if (found.report.status != "ok") return;
  capi::put_in_place(done.model, job.target, job.kind, job.write, job.control, found, [](const std::string&) { return true; });
}

}  // namespace

extern "C" {

keraft_status keraft_file_transfer(const keraft_context* context, keraft_str weights, keraft_str model, keraft_str target,
                                   const keraft_file_transfer_options* options, keraft_report** report, keraft_error** error) {
  if (report) *report = nullptr;
  return guard(error, [&] {
    const keraft_file_transfer_options from = capi::options(options);
    TransferJob job{capi::control_of(context),      capi::path(weights, "weights"), capi::path(model, "model"),
                    capi::path(target, "target"),   capi::load_options(from.load),  transfer_options(from.transfer),
                    capi::write_options(from.write)};
    job.kind = capi::kind_of(job.target, from.kind);
    if (!is_keras(job.kind)) throw Error(Status::argument, "weights go into a Keras file: .keras or .h5", {job.target, {}, {}});
    capi::refuse_inside(job.weights, job.target);
    capi::with_report(report, [&](keraft_report& found) { transfer_file(job, found); });
  });
}

}  // extern "C"
