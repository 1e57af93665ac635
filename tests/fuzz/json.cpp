// JSON read, printed and read again.
#include "formats/wire/json.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    keraft::base::Budget budget(fuzz::control());
    const keraft::Value value = keraft::formats::wire::parse_json(fuzz::text_of(data, size), budget, {});
    std::string printed;
    try {
      printed = keraft::formats::wire::print_json(value);
    } catch (const keraft::Error& error) {
      if (error.status() == keraft::Status::unsupported) return;  // NaN and infinities
      throw;
    }
    if (!(keraft::formats::wire::parse_json(printed, budget, {}) == value)) std::abort();
  });
}
