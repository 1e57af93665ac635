#include "handles.h"
#include "keraft/examine.hpp"

using namespace keraft;
using capi::guard;

extern "C" {

keraft_status keraft_file_examine(const keraft_context* context, keraft_str path, keraft_format format, keraft_write_fn write,
                                  void* user_data, keraft_error** error) {
  return guard(error, [&] {
    const bool json = capi::as_json(format);
    const Examination found = examine_file(capi::path(path, "path"), capi::control_of(context));
    capi::put(described(found, json), write, user_data);
  });
}

}  // extern "C"
