// A checkpoint's index and tensors. The first byte says what the rest is:
//   even  two files: two bytes with the size of the index, the index, the data file
//   odd   one block of the index, around which a table with right checksums is laid; the next bit compresses it
#include "formats/checkpoint/checkpoint.h"
#include "formats/checkpoint/crc32c.h"
#include "fuzz.h"

namespace {

std::string little(uint32_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string varint(size_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}

std::string handle(std::string& file, std::string_view block, char kind) {
  std::string out = varint(file.size()) + varint(block.size());
  const std::string body = std::string(block) + kind;
  file += body + little(keraft::formats::masked_crc(keraft::formats::crc32c(std::as_bytes(std::span(body)))));
  return out;
}

std::string table(std::string_view block, char kind) {
  const std::string restarts("\0\0\0\0\1\0\0\0", 8);
  std::string file;
  const std::string data = handle(file, block, kind), meta = handle(file, restarts, 0);
  const std::string entry = std::string("\0\1", 2) + static_cast<char>(data.size()) + "\xFF" + data;
  std::string footer = meta + handle(file, entry + restarts, 0);
  footer.resize(40);
  return file + footer + std::string("\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4) return 0;
  std::string_view rest = fuzz::text_of(data + 1, size - 1), contents = "0123456789abcdef0123456789abcdef";
  std::string index;
  if (data[0] & 1) {
    index = table(rest, (data[0] & 2) ? 1 : 0);
  } else {
    const size_t count = std::min<size_t>(rest.size() - 2, data[1] | size_t{data[2]} << 8);
    index = rest.substr(2, count);
    contents = rest.substr(2 + count);
  }
  fuzz::folder().write("c.index", index);
  fuzz::folder().write("c.data-00000-of-00001", contents);
  return fuzz::guarded([&] {
    keraft::base::Budget budget(fuzz::control());
    const auto checkpoint = keraft::formats::Checkpoint::open(fuzz::folder() / "c", budget);
    for (const std::string& key : checkpoint->keys()) {
      fuzz::guarded([&] {
        const keraft::Tensor tensor = checkpoint->tensor(key);
        if (tensor.storage && tensor.bytes() < 4096) tensor.load();
      });
    }
    checkpoint->objects();
  });
}
