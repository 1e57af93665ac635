// Binary GraphDef → graph → layers.
#include "convert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::convert("graph.pb", fuzz::text_of(data, size));
}
