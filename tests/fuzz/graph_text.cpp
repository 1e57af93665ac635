// The text form of graphs: what is printed reads back and prints the same.
#include "fuzz.h"
#include "keraft/graph.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::guarded([&] {
    const std::string printed = keraft::Graph::parse(fuzz::text_of(data, size)).print();
    if (keraft::Graph::parse(printed).print() != printed) std::abort();
  });
}
