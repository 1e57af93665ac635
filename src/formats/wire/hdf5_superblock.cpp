#include "formats/wire/hdf5_superblock.h"

namespace keraft::formats::wire {
namespace {

void check_widths(Hdf5Cursor& in) {
  const uint8_t addresses = in.u8(), sizes = in.u8();
  if (addresses == 0 && sizes == 0) in.damaged("addresses and sizes of no bytes");
  if (addresses != 8 || sizes != 8) in.unsupported("addresses or sizes that are not of eight bytes");
}

constexpr std::string_view hdf5_signature = "\x89HDF\r\n\x1a\n";

void check_end(Hdf5Context& context, Hdf5Cursor& from, uint64_t base, uint64_t end) {
  if (base != context.base) from.unsupported("a base address that is not where the file begins");
  if (end < base || end > context.snapshot.size()) {
    from.damaged("the file is cut short: it should have " + std::to_string(end) + " bytes");
  }
  if (end < context.snapshot.size()) from.damaged("bytes follow where the file says that it ends");
  context.end = end - base;
}

Hdf5Link first_superblock(Hdf5Context& context, uint8_t version) {
  const uint64_t size = version == 0 ? 96 : 100;
  context.end = context.snapshot.size() - context.base;
  Hdf5Cursor in = context.block(0, size, "the superblock");
  in.skip(9);
  in.version(0);
  in.version(0);
  in.skip(1);
  in.version(0);
  check_widths(in);
  in.skip(1);
  context.leaf = in.u16();
  context.inner = in.u16();
  in.skip(4);
  if (version == 1) {
    context.chunk_inner = in.u16();
    in.skip(2);
  }
  if (context.leaf == 0 || context.inner == 0 || context.chunk_inner == 0 || context.leaf > 0x7FFF || context.inner > 0x7FFF ||
      context.chunk_inner > 0x7FFF) {
    in.damaged("nodes of an impossible size");
  }
  const uint64_t base = in.u64(), free = in.u64(), end = in.u64(), driver = in.u64();
  check_end(context, in, base, end);
  if (free != hdf5_nowhere) in.unsupported("a list of free room");
  if (driver != hdf5_nowhere) in.unsupported("a driver of its own, as files in several parts have");
  Hdf5Link out{};
  in.skip(8);
  out.address = in.u64();
  const uint32_t cached = in.u32();
  if (cached > 1) in.damaged("a root of an unknown kind");
  in.skip(4);
  if (cached == 1) out.table = {in.u64(), in.u64()};
  return out;
}

/// libhdf5 does not open a file that a crashed program left marked as being written; its structure is checked all the same.
void unmark(std::span<std::byte> superblock) {
  superblock[11] = std::byte{0};
  const uint32_t sum = hdf5_hash(superblock.first(44));
  for (size_t i = 0; i < 4; ++i) superblock[44 + i] = static_cast<std::byte>(sum >> (8 * i));
}

void extension(Hdf5Context& context, uint64_t address) {
  for (const Hdf5Message& message : read_header(context, address).messages) {
    Hdf5Cursor body = message.body;
    if (message.type != Hdf5MessageType::tree_sizes) body.unsupported("settings of its own");
    body.version(0);
    context.chunk_inner = body.u16();
    context.inner = body.u16();
    context.leaf = body.u16();
    if (context.leaf == 0 || context.inner == 0 || context.chunk_inner == 0 || context.leaf > 0x7FFF ||
        context.inner > 0x7FFF || context.chunk_inner > 0x7FFF) {
      body.damaged("nodes of an impossible size");
    }
  }
}

Hdf5Link later_superblock(Hdf5Context& context) {
  context.end = context.snapshot.size() - context.base;
  Hdf5Cursor in = context.block(0, 48, "the superblock");
  in.checksum();
  in.skip(9);
  check_widths(in);
  const uint8_t flags = in.u8();
  if (flags & ~5) in.damaged("a superblock with unknown flags");
  const uint64_t base = in.u64(), more = in.u64(), end = in.u64();
  check_end(context, in, base, end);
  Hdf5Link out{};
  out.address = in.u64();
  if (more != hdf5_nowhere) extension(context, more);
  if (flags != 0) unmark(context.snapshot.kept(context.base));
  return out;
}

}  // namespace

Hdf5Link read_superblock(Hdf5Context& context) {
  const uint64_t size = context.snapshot.size();
  for (uint64_t at = 0; at < size && size - at >= 48; at = at == 0 ? 512 : at * 2) {
    const auto head = context.snapshot.peek(at, 9);
    if (std::string_view(reinterpret_cast<const char*>(head.data()), 8) != hdf5_signature) continue;
    context.base = at;
    const auto version = static_cast<uint8_t>(head[8]);
    if (version < 2) {
      if (size - at < 100) context.damaged(size, "the file is cut short");
      return first_superblock(context, version);
    }
    if (version > 3) context.unsupported(at + 8, "a superblock of version " + std::to_string(version));
    return later_superblock(context);
  }
  throw Error(Status::format, "no HDF5 file, or one that is cut short: its signature is missing", {context.place, 0, {}});
}

}  // namespace keraft::formats::wire
