#include "formats/checkpoint/table.h"

#include <optional>
#include <string_view>
#include <vector>

#include "formats/checkpoint/crc32c.h"
#include "formats/checkpoint/snappy.h"

namespace keraft::formats {
namespace {

constexpr uint64_t footer_size = 48, trailer_size = 5;
constexpr uint64_t most_block = 64 << 20;

uint64_t little(std::string_view bytes, size_t count) {
  uint64_t out = 0;
  for (size_t i = 0; i < count; ++i) out |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  return out;
}

struct Handle {
  uint64_t offset = 0, size = 0;
};

class Table {
 public:
  Table(const base::File& file, base::Budget& budget) : file_(file), budget_(budget) {}

  void read(const std::function<void(const std::string&, const std::string&)>& entry) {
    const std::string footer = piece(file_.size() < footer_size ? 0 : file_.size() - footer_size, footer_size);
    if (little(std::string_view(footer).substr(40), 8) != table_magic)
      fail(file_.size() - 8, "not a checkpoint index: the magic number at its end is missing");
    std::string_view rest(footer);
    static_cast<void>(handle(rest, file_.size() - footer_size));
    const Handle index = handle(rest, file_.size() - footer_size);
    std::string previous;
    uint64_t end = 0;
    bool first = true;
    entries(block(index), index.offset, [&](const std::string&, const std::string& value) {
      std::string_view bytes(value);
      const Handle data = handle(bytes, index.offset);
      if (data.offset < end) fail(index.offset, "the blocks of the index are not in order");
      end = data.offset + data.size + trailer_size;
      entries(block(data), data.offset, [&](const std::string& key, const std::string& contents) {
        if (!first && key <= previous) fail(data.offset, "the keys of the index are not in order");
        first = false;
        previous = key;
        entry(key, contents);
      });
    });
  }

 private:
  [[noreturn]] void fail(uint64_t offset, const std::string& what, Status status = Status::format) const {
    throw Error(status, what, {file_.path(), offset, {}});
  }

  std::string piece(uint64_t offset, uint64_t size) const {
    if (offset > file_.size() || size > file_.size() - offset) fail(offset, "the checkpoint index is cut short");
    std::string out(static_cast<size_t>(size), '\0');
    file_.read(offset, std::as_writable_bytes(std::span(out)));
    return out;
  }

  uint64_t varint(std::string_view& bytes, uint64_t place) const {
    uint64_t out = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (bytes.empty()) break;
      const auto byte = static_cast<uint8_t>(bytes[0]);
      bytes.remove_prefix(1);
      if (shift == 63 && byte > 1) break;
      out |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return out;
    }
    fail(place, "a damaged number in the checkpoint index");
  }

  Handle handle(std::string_view& bytes, uint64_t place) const {
    Handle out;
    out.offset = varint(bytes, place);
    out.size = varint(bytes, place);
    if (out.size > most_block)
      fail(place, "a block of " + std::to_string(out.size) + " bytes in the checkpoint index", Status::memory);
    return out;
  }

  std::string block(const Handle& handle) const {
    if (handle.offset > file_.size() || handle.size + trailer_size > file_.size() - handle.offset)
      fail(handle.offset, "a block ends past the end of the checkpoint index");
    std::string out = piece(handle.offset, handle.size + trailer_size);
    const auto stored = static_cast<uint32_t>(little(std::string_view(out).substr(static_cast<size_t>(handle.size) + 1), 4));
    if (masked_crc(crc32c(std::as_bytes(std::span(out)).first(static_cast<size_t>(handle.size) + 1))) != stored) {
      fail(handle.offset, "the checksum of a block is wrong: the checkpoint index is damaged");
    }
    const auto type = static_cast<uint8_t>(out[static_cast<size_t>(handle.size)]);
    out.resize(static_cast<size_t>(handle.size));
    if (type > 1)
      fail(handle.offset, "a block is compressed in an unknown way (" + std::to_string(type) + ")", Status::unsupported);
    try {
      return type == 1 ? snappy_decompressed(out, most_block) : out;
    } catch (const Error& error) {
      throw error.at({file_.path(), handle.offset, {}});
    }
  }

  void entries(const std::string& block, uint64_t place,
               const std::function<void(const std::string&, const std::string&)>& entry) const {
    if (block.size() < 4) fail(place, "a block without its table of restarts");
    const uint64_t restarts = little(std::string_view(block).substr(block.size() - 4), 4);
    if (restarts > (block.size() - 4) / 4) fail(place, "a block with more restarts than bytes");
    std::string_view rest = std::string_view(block).substr(0, block.size() - 4 - static_cast<size_t>(restarts) * 4);
    std::string key;
    while (!rest.empty()) {
      const uint64_t shared = varint(rest, place), own = varint(rest, place), size = varint(rest, place);
      if (shared > key.size() || own > rest.size() || size > rest.size() - own)
        fail(place, "a damaged entry in the checkpoint index");
      budget_.bytes(own + size);
      key.resize(static_cast<size_t>(shared));
      key += rest.substr(0, static_cast<size_t>(own));
      entry(key, std::string(rest.substr(static_cast<size_t>(own), static_cast<size_t>(size))));
      rest.remove_prefix(static_cast<size_t>(own + size));
    }
  }

  const base::File& file_;
  base::Budget& budget_;
};

}  // namespace

void read_table(const base::File& file, base::Budget& budget,
                const std::function<void(const std::string&, const std::string&)>& entry) {
  Table(file, budget).read(entry);
}

bool is_table(const base::File& file) {
  if (file.size() < footer_size) return false;
  std::string tail(8, '\0');
  file.read(file.size() - 8, std::as_writable_bytes(std::span(tail)));
  return little(tail, 8) == table_magic;
}

}  // namespace keraft::formats
