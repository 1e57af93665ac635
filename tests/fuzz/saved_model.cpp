// SavedModel: meta graphs, functions, object graph.
#include "convert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::convert("saved_model.pb", fuzz::text_of(data, size));
}
