// GraphDef, MetaGraph and SavedModel as text.
#include "convert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::convert("graph.pbtxt", fuzz::text_of(data, size));
}
