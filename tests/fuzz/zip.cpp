// The directory and the members of a zip archive.
#include "formats/wire/zip_reader.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto path = fuzz::folder().write("a.zip", fuzz::text_of(data, size));
  return fuzz::guarded([&] {
    keraft::base::Budget budget(fuzz::control());
    const keraft::formats::wire::ZipReader zip(keraft::base::File::open(path), budget);
    for (const auto& entry : zip.entries()) fuzz::guarded([&] { zip.text(entry, 1 << 20); });
  });
}
