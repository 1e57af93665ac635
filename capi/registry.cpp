#include "handles.h"
#include "op_call.h"

using namespace keraft;
using capi::guard;
using capi::need;

namespace {

std::string tables(const Registry& registry, keraft_format format) {
  return capi::as_json(format) ? registry.json() : registry.text();
}

std::vector<OpFunctions> op_functions(const keraft_op_functions* given, size_t count) {
  std::vector<OpFunctions> out;
  if (count == 0) return out;
  const auto* at = reinterpret_cast<const unsigned char*>(&need(given, "functions"));
  for (size_t i = 0; i < count; ++i) {
    const auto* one = reinterpret_cast<const keraft_op_functions*>(at);
    const keraft_op_functions from = capi::options(one);
    out.push_back(capi::op_functions(capi::text(from.op, "op"), from.shape, from.kernel, from.user_data));
    size_t size = 0;
    std::memcpy(&size, at, sizeof size);
    at += size;
  }
  return out;
}

}  // namespace

extern "C" {

keraft_status keraft_registry_create(keraft_registry** out, keraft_error** error) {
  return guard(error, [&] {
    need(out, "out") = nullptr;
    *out = new keraft_registry;
  });
}

void keraft_registry_destroy(keraft_registry* self) { delete self; }

keraft_status keraft_registry_add_rules(keraft_registry* self, keraft_str text, keraft_str origin,
                                        const keraft_op_functions* functions, size_t function_count, keraft_error** error) {
  return guard(error, [&] {
    need(self, "self")
        .registry.add_rules(capi::text(text, "text"), capi::text(origin, "origin"), op_functions(functions, function_count));
  });
}

keraft_status keraft_registry_load_rules(keraft_registry* self, keraft_str path, keraft_error** error) {
  return guard(error, [&] { need(self, "self").registry.load_rules(capi::path(path, "path")); });
}

keraft_status keraft_registry_write(const keraft_registry* self, keraft_format format, keraft_write_fn write, void* user_data,
                                    keraft_error** error) {
  return guard(error, [&] { capi::put(tables(need(self, "self").registry, format), write, user_data); });
}

keraft_status keraft_support_write(keraft_format format, keraft_write_fn write, void* user_data, keraft_error** error) {
  return guard(error, [&] { capi::put(tables(Registry::builtin(), format), write, user_data); });
}

}  // extern "C"
