#include "handles.h"

using namespace keraft;
using capi::guard;
using capi::need;
using capi::view;

namespace {

constexpr const char* status_names[] = {"ok",       "argument", "io",        "format",  "unsupported",
                                        "mismatch", "memory",   "cancelled", "internal"};

std::vector<std::string> port_lines(const Graph& graph, const std::vector<Port>& ports) {
  std::vector<std::string> out;
  for (const Port& port : ports) {
    const TensorType type = graph.type(port.edge);
    out.push_back(port.name + " " + std::string(name_of(type.dtype)) + " " + type.shape.text());
  }
  return out;
}

std::string rendered(const Report& report, keraft_format format) {
  switch (format) {
    case KERAFT_FORMAT_JSON:
      return report.json();
    case KERAFT_FORMAT_TEXT:
      return report.text();
    case KERAFT_FORMAT_HTML:
      return report.html();
    default:
      capi::refuse("unknown format");
  }
}

}  // namespace

namespace keraft::capi {

Report::Side side_of(const Model& model) {
  return {model.path,
          std::string(name_of(model.kind)),
          model.producer,
          port_lines(model.graph, model.graph.inputs),
          port_lines(model.graph, model.graph.outputs),
          {}};
}

keraft_status status_of(const Report& report) noexcept {
  if (report.status == "unsupported") return KERAFT_STATUS_UNSUPPORTED;
  if (report.status == "differs") return KERAFT_STATUS_MISMATCH;
  return report.status == "ok" ? KERAFT_STATUS_OK : KERAFT_STATUS_INTERNAL;
}

void set_failure(keraft_report& report, const Error& error) {
  const Place& place = error.place();
  std::string where = place.file;
  if (place.offset) where += (where.empty() ? "byte " : ", byte ") + std::to_string(*place.offset);
  if (!place.name.empty()) where += (where.empty() ? "" : ", ") + place.name;
  report.status = static_cast<keraft_status>(error.status());
  report.report.status = "failed";
  report.report.error = {status_names[report.status], error.message(), where};
}

}  // namespace keraft::capi

extern "C" {

keraft_status keraft_report_create_failure(keraft_str source, const keraft_error* failure, keraft_report** out,
                                           keraft_error** error) {
  return guard(error, [&] {
    need(out, "out") = nullptr;
    need(failure, "failure");
    auto made = std::make_unique<keraft_report>();
    made->report.source.path = capi::text(source, "source");
    Place place{failure->file, {}, failure->name};
    if (failure->offset != KERAFT_NO_OFFSET) place.offset = failure->offset;
    capi::set_failure(*made, Error(static_cast<Status>(failure->status), failure->message, std::move(place)));
    *out = made.release();
  });
}

void keraft_report_destroy(keraft_report* self) { delete self; }

keraft_status keraft_report_get_status(const keraft_report* self) { return self ? self->status : KERAFT_STATUS_ARGUMENT; }
keraft_stage keraft_report_get_stage(const keraft_report* self) { return self ? self->stage : KERAFT_STAGE_DONE; }
size_t keraft_report_get_layer_count(const keraft_report* self) { return self ? self->report.layers.size() : 0; }
size_t keraft_report_get_unsupported_count(const keraft_report* self) { return self ? self->report.unsupported.size() : 0; }
size_t keraft_report_get_unused_count(const keraft_report* self) { return self ? self->report.unused_variables.size() : 0; }
size_t keraft_report_get_lossy_count(const keraft_report* self) { return self ? self->report.lossy.size() : 0; }

keraft_str keraft_report_get_unused(const keraft_report* self, size_t index) {
  return self && index < self->report.unused_variables.size() ? view(self->report.unused_variables[index]) : keraft_str_of("");
}

keraft_status keraft_report_get_unsupported(const keraft_report* self, size_t index, keraft_unsupported* out,
                                            keraft_error** error) {
  return guard(error, [&] {
    const std::vector<Unsupported>& all = need(self, "self").report.unsupported;
    if (index >= all.size()) capi::refuse("index past the end");
    capi::fill(out, keraft_unsupported{0, view(all[index].node), view(all[index].op), view(all[index].reason)});
  });
}

keraft_status keraft_report_get_comparison(const keraft_report* self, keraft_comparison* out, keraft_error** error) {
  return guard(error, [&] {
    if (!need(self, "self").report.verification) capi::refuse("no comparison was made");
    const Verification& found = *self->report.verification;
    capi::fill(out, keraft_comparison{0, found.seed, found.max_abs, found.max_rel, found.rtol, found.atol,
                                      view(found.first_difference), found.layers.size(), found.samples, found.equal ? 1 : 0});
  });
}

keraft_status keraft_report_write(const keraft_report* self, keraft_format format, keraft_write_fn write, void* user_data,
                                  keraft_error** error) {
  return guard(error, [&] { capi::put(rendered(need(self, "self").report, format), write, user_data); });
}

}  // extern "C"
