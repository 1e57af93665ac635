#include "handles.h"

using namespace keraft;
using capi::guard;

namespace {

/// Calls back into the caller's code; an exception of his ends as a stop instead of passing through ours.
template <class Call>
bool stops(Call&& call) {
  try {
    return call() != 0;
  } catch (...) {
    return true;
  }
}

Control control(const keraft_context_options& from) {
  if (from.threads < 0 || from.max_depth < 0) capi::refuse("threads and max_depth must not be negative");
  Control out;
  if (from.max_bytes) out.limits.bytes = from.max_bytes;
  if (from.max_nodes) out.limits.nodes = from.max_nodes;
  if (from.max_edges) out.limits.edges = from.max_edges;
  if (from.max_work) out.limits.work = from.max_work;
  if (from.max_depth) out.limits.depth = from.max_depth;
  out.threads = from.threads;
  if (from.cancel) {
    out.cancelled = [call = from.cancel, data = from.cancel_user_data] { return stops([&] { return call(data); }); };
  }
  if (from.progress) {
    out.progress = [call = from.progress, data = from.progress_user_data](std::string_view stage, double done) {
      const std::string name(stage);
      if (stops([&] { return call(capi::view(name), done, data); })) throw Error(Status::cancelled, "stopped by the caller");
    };
  }
  return out;
}

}  // namespace

extern "C" {

keraft_status keraft_context_create(const keraft_context_options* options, keraft_context** out, keraft_error** error) {
  return guard(error, [&] {
    capi::need(out, "out") = nullptr;
    *out = new keraft_context{control(capi::options(options))};
  });
}

void keraft_context_destroy(keraft_context* self) { delete self; }

}  // extern "C"
