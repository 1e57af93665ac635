// MetaGraph: saver, collections, signatures, and a graph with variables.
#include "convert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::convert("graph.meta", fuzz::text_of(data, size));
}
