// The text of a part of a tensor, its key, and Snappy blocks.
#include "formats/checkpoint/checkpoint.h"
#include "formats/checkpoint/snappy.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  if (const auto spec = keraft::formats::parse_slice(std::string(bytes))) {
    std::vector<keraft::formats::wire::Extent> extents;
    for (size_t i = 0; i < spec->start.size(); ++i) extents.push_back({spec->start[i], spec->extent[i]});
    keraft::formats::slice_key("v", extents);
  }
  return fuzz::guarded([&] { keraft::formats::snappy_decompressed(bytes, 1 << 20); });
}
