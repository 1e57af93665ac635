#include "handles.h"

namespace keraft::capi {

keraft_status give(keraft_error** error, const Error& e) noexcept {
  const auto status = static_cast<keraft_status>(e.status());
  if (!error) return status;
  try {
    auto made = std::make_unique<keraft_error>();
    made->status = status;
    made->text = e.what();
    made->message = e.message();
    made->file = e.place().file;
    made->name = e.place().name;
    if (e.place().offset) made->offset = *e.place().offset;
    *error = made.release();
  } catch (...) {
    *error = nullptr;
  }
  return status;
}

}  // namespace keraft::capi

namespace {
const std::string nothing;
}

using keraft::capi::view;

extern "C" {

const char* keraft_version(void) { return KERAFT_VERSION; }
uint32_t keraft_version_number(void) {
  return KERAFT_VERSION_MAJOR * 1000000u + KERAFT_VERSION_MINOR * 1000u + KERAFT_VERSION_PATCH;
}

keraft_status keraft_error_get_status(const keraft_error* self) { return self ? self->status : KERAFT_STATUS_OK; }
keraft_str keraft_error_get_text(const keraft_error* self) { return view(self ? self->text : nothing); }
keraft_str keraft_error_get_message(const keraft_error* self) { return view(self ? self->message : nothing); }
keraft_str keraft_error_get_file(const keraft_error* self) { return view(self ? self->file : nothing); }
keraft_str keraft_error_get_name(const keraft_error* self) { return view(self ? self->name : nothing); }
uint64_t keraft_error_get_offset(const keraft_error* self) { return self ? self->offset : KERAFT_NO_OFFSET; }
void keraft_error_destroy(keraft_error* self) { delete self; }

}  // extern "C"
