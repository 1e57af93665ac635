// A whole .h5 model.
#include "fuzz.h"
#include "keraft/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] { keraft::load(fuzz::folder().write("model.h5", fuzz::text_of(data, size)), {}, fuzz::control()); });
}
