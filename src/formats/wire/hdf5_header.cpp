// Object headers.
#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {
namespace {

constexpr uint8_t shared_flag = 0x02;
constexpr size_t old_prefix = 16;
constexpr size_t most_parts = 4096;

struct HeaderReader {
  Hdf5Context& context;
  Hdf5Header& header;
  bool ordered = false;  ///< version 2: messages carry their creation order
  struct Part {
    uint64_t address, size, named_at;
  };
  std::vector<Part> pending{};
  size_t count = 0;

  size_t message_head() const { return header.padded ? 8 : ordered ? 6 : 4; }

  void messages(Hdf5Cursor part) {
    while (part.left() >= message_head()) {
      const uint64_t at = part.at();
      const uint16_t type = header.padded ? part.u16() : part.u8();
      const uint16_t size = part.u16();
      const uint8_t flags = part.u8();
      if (header.padded) part.skip(3);
      if (ordered) part.skip(2);
      if (header.padded && size % 8 != 0) context.damaged(at, "a message is not aligned");
      Hdf5Message message{static_cast<Hdf5MessageType>(type), part.part(size)};
      ++count;
      if (message.type == Hdf5MessageType::none) continue;
      if (flags & shared_flag) context.unsupported(at, "messages that objects share");
      context.budget.bytes(sizeof(Hdf5Message));
      if (message.type != Hdf5MessageType::continuation) {
        header.messages.push_back(message);
        continue;
      }
      const uint64_t address = message.body.u64(), length = message.body.u64();
      message.body.ends(header.padded);
      pending.push_back({address, length, at});
    }
    if (header.padded && part.left() != 0) part.damaged("bytes are left after an object header's messages");
  }

  void continuations() {
    for (size_t parts = 0; !pending.empty(); ++parts) {
      if (parts == most_parts)
        context.unsupported(header.at, "an object header in over " + std::to_string(most_parts) + " parts");
      const Part next = pending.back();
      pending.pop_back();
      if (next.size < message_head()) context.damaged(next.named_at, "an object header goes on in a block of no size");
      Hdf5Cursor part = context.block(next.address, next.size, "an object header");
      if (!header.padded) {
        part.checksum();
        part.signature("OCHK");
      }
      messages(part);
    }
  }

  void first_version(uint64_t address) {
    Hdf5Cursor prefix = context.peek(address, old_prefix, "an object header");
    prefix.skip(2);
    const uint16_t stated = prefix.u16();
    header.references = prefix.u32();
    const uint32_t size = prefix.u32();
    header.padded = true;
    Hdf5Cursor whole = context.block(address, old_prefix + uint64_t{size}, "an object header");
    whole.skip(old_prefix);
    messages(whole);
    continuations();
    if (count != stated) context.damaged(header.at, "an object header has another number of messages than it says");
    if (header.references == 0) context.damaged(header.at, "an object that no link leads to");
  }

  void second_version(uint64_t address) {
    Hdf5Cursor prefix = context.peek(address, 6, "an object header");
    prefix.skip(4);
    prefix.version(2);
    const uint8_t flags = prefix.u8();
    if (flags & 0xC0) prefix.unsupported("an object header with unknown flags");
    const size_t before = 6 + (flags & 0x20 ? 16u : 0u) + (flags & 0x10 ? 4u : 0u), width = size_t{1} << (flags & 3);
    Hdf5Cursor sized = context.peek(address, before + width, "an object header");
    sized.skip(before);
    const uint64_t size = sized.number(width);
    if (size > context.end) sized.damaged("an object header is larger than the file");
    Hdf5Cursor whole = context.block(address, before + width + size + 4, "an object header");
    whole.checksum();
    whole.skip(before + width);
    ordered = flags & 0x04;
    messages(whole);
    continuations();
    for (const Hdf5Message& message : header.messages) {
      if (message.type != Hdf5MessageType::references) continue;
      Hdf5Cursor body = message.body;
      body.version(0);
      header.references = body.u32();
      body.ends(false);
    }
    if (header.references == 0) context.damaged(header.at, "an object that no link leads to");
  }
};

}  // namespace

Hdf5Header read_header(Hdf5Context& context, uint64_t address) {
  Hdf5Header out;
  Hdf5Cursor start = context.peek(address, 4, "an object header");
  out.at = start.at();
  const std::string_view first = start.text(4);
  HeaderReader reader{context, out};
  if (first == "OHDR") {
    reader.second_version(address);
  } else {
    if (first[0] != 1) context.damaged(out.at, "there is no object header where a link leads to");
    reader.first_version(address);
  }
  return out;
}

}  // namespace keraft::formats::wire
