// Sizes, element types, fill values, filters.
#include "formats/wire/hdf5_messages.h"

#include "base/checked.h"

namespace keraft::formats::wire {
namespace {

constexpr size_t most_dims = 32, most_filters = 8, most_members = 256;

/// The type itself; what follows it stays. `depth`: an enum or a text has one other type inside.
Hdf5Type type_at(Hdf5Cursor& in, int depth) {
  const uint8_t head = in.u8();
  const int version = head >> 4, kind = head & 15;
  const uint32_t bits = static_cast<uint32_t>(in.number(3));
  Hdf5Type out{in.u32(), false};
  if (version < 1 || version > 3) in.unsupported("an element type of version " + std::to_string(version));
  if (out.size == 0) in.damaged("an element type without a size");
  const auto known = [&](uint32_t mask) {
    if (bits & ~mask) in.damaged("an element type with unknown flags");
  };
  const auto fits = [&](uint64_t first, uint64_t count) {
    if (count == 0 || first + count > uint64_t{out.size} * 8) in.damaged("an element type whose bits are not inside its bytes");
  };
  switch (kind) {
    case 0: {
      known(0x0F);
      const uint16_t first = in.u16(), precision = in.u16();
      fits(first, precision);
      if (out.size > 1) in.context().same_order(bits & 1, in.at());
      return out;
    }
    case 1: {
      if (bits & 0x40) in.unsupported("numbers in the order of the VAX");
      known(0xFF3F);
      const uint16_t first = in.u16(), precision = in.u16();
      const uint8_t exponent_at = in.u8(), exponent = in.u8(), mantissa_at = in.u8(), mantissa = in.u8();
      in.skip(4);
      fits(first, precision);
      fits(exponent_at, exponent);
      fits(mantissa_at, mantissa);
      fits(bits >> 8, 1);
      if (out.size > 8) in.unsupported("floating-point numbers of " + std::to_string(out.size) + " bytes");
      if (exponent_at < mantissa_at + mantissa && mantissa_at < exponent_at + exponent) {
        in.damaged("a floating-point type whose parts overlap");
      }
      in.context().same_order(bits & 1, in.at());
      return out;
    }
    case 3:
      known(0xFF);
      if ((bits & 15) > 2 || bits >> 4 > 1) in.unsupported("text of an unknown kind");
      return out;
    case 5: {
      known(0xFF);
      if (bits % 8 != 0) in.damaged("the tag of an element type is not aligned");
      in.skip(bits);
      return out;
    }
    case 8: {
      known(0xFFFF);
      if (depth > 0) in.damaged("element types inside each other");
      if (bits == 0 || bits > most_members) in.unsupported("an enumeration of " + std::to_string(bits) + " values");
      const Hdf5Cursor base = in;
      if ((base.left() > 0 ? static_cast<int>(base.rest()[0]) & 15 : 15) != 0)
        in.damaged("an enumeration that is not of integers");
      const Hdf5Type number = type_at(in, depth + 1);
      if (number.size != out.size) in.damaged("an enumeration of another size than its integers");
      for (uint32_t i = 0; i < bits; ++i) {
        const size_t length = in.terminated().size() + 1;
        if (version < 3) in.skip(hdf5_aligned(length) - length);
      }
      in.skip(uint64_t{bits} * out.size);
      return out;
    }
    case 9: {
      known(0x0FFF);
      if (depth > 0) in.damaged("element types inside each other");
      if ((bits & 15) != 1) in.unsupported("lists of any length");
      if ((bits >> 4 & 15) > 2 || bits >> 8 > 1) in.unsupported("text of an unknown kind");
      if (out.size != 16) in.damaged("text of any length of another size than its reference has");
      const int base = in.left() > 0 ? static_cast<int>(in.rest()[0]) & 15 : 15;
      if ((base != 0 && base != 3) || type_at(in, depth + 1).size != 1) in.damaged("text that is not made of bytes");
      out.variable = true;
      return out;
    }
    case 7:
      in.unsupported("references to objects");
    default:
      in.unsupported("elements of class " + std::to_string(kind));
  }
}

}  // namespace

Hdf5Type read_type(Hdf5Cursor message, bool padded) {
  const Hdf5Type out = type_at(message, 0);
  message.ends(padded);
  return out;
}

Hdf5Space read_space(Hdf5Cursor message, bool padded) {
  Hdf5Space out;
  const uint64_t at = message.at();
  const uint8_t version = message.u8(), rank = message.u8(), flags = message.u8(), kind = message.u8();
  if (version != 1 && version != 2) message.unsupported("sizes of version " + std::to_string(version));
  if (flags > 1) message.unsupported("sizes with a permutation or unknown flags");
  if (rank > most_dims) message.damaged("sizes on more axes than HDF5 allows");
  if (version == 1) message.skip(4);
  if (version == 2 && (kind > 2 || (kind != 1 && rank != 0))) message.damaged("sizes of an unknown kind");
  out.null = version == 2 && kind == 2;
  for (size_t i = 0; i < rank; ++i) {
    out.dims.push_back(message.u64());
    const auto more = base::mul(out.elements, out.dims.back());
    if (!more)
      throw Error(Status::memory, "sizes whose product overflows", {message.context().place, at, message.context().path()});
    out.elements = *more;
  }
  for (size_t i = 0; flags & 1 && i < rank; ++i) {
    if (message.u64() < out.dims[i]) message.damaged("a size over the largest that it may get");
  }
  message.ends(padded);
  if (out.null) out.elements = 0;
  return out;
}

void check_fill(Hdf5Cursor message, bool padded, bool old, const Hdf5Type& type) {
  uint32_t size = 0;
  if (old) {
    size = message.u32();
  } else if (const uint8_t version = message.u8(); version == 3) {
    const uint8_t flags = message.u8();
    if (flags & 0xC0 || (flags & 0x30) == 0x30) message.damaged("a fill value with unknown flags");
    if (flags & 0x20) size = message.u32();
  } else if (version == 1 || version == 2) {
    message.skip(2);
    const uint8_t defined = message.u8();
    if (defined > 1) message.damaged("a fill value with unknown flags");
    if (version == 1 || defined) size = message.u32();
    if (size == UINT32_MAX) size = 0;
  } else {
    message.unsupported("a fill value of version " + std::to_string(version));
  }
  if (size != 0 && (size != type.size || type.variable)) message.damaged("a fill value that is not one element");
  message.skip(size);
  message.ends(padded);
}

std::vector<Hdf5Filter> read_filters(Hdf5Cursor message, bool padded) {
  const uint8_t version = message.u8(), count = message.u8();
  if (version != 1 && version != 2) message.unsupported("filters of version " + std::to_string(version));
  if (count > most_filters) message.damaged("a dataset with too many filters");
  if (version == 1) message.skip(6);
  std::vector<Hdf5Filter> out;
  for (int i = 0; i < count; ++i) {
    const uint16_t id = message.u16();
    if (id != hdf5_deflate && id != hdf5_shuffle && id != hdf5_fletcher32) {
      message.unsupported("the filter " + std::to_string(id) + " (deflate, shuffle and fletcher32 are known)");
    }
    const uint16_t name = version == 1 ? message.u16() : uint16_t{0};
    message.skip(2);
    const uint16_t values = message.u16();
    if (name > 0 && (name % 8 != 0 || message.text(name).find('\0') == std::string_view::npos)) {
      message.damaged("a filter's name has no end");
    }
    if (values > 16) message.damaged("a filter with too many values");
    Hdf5Filter& filter = out.emplace_back(Hdf5Filter{id, {}});
    for (int v = 0; v < values; ++v) filter.values.push_back(message.u32());
    if (version == 1 && values % 2 != 0) message.skip(4);
    for (int before = 0; before < i; ++before) {
      if (out[static_cast<size_t>(before)].id == id) message.damaged("a filter that is used twice");
    }
  }
  message.ends(padded);
  return out;
}

Hdf5Layout read_layout(Hdf5Cursor message, bool padded) {
  Hdf5Layout out;
  const uint8_t version = message.u8();
  if (version != 3 && version != 4) message.unsupported("a layout of version " + std::to_string(version));
  switch (message.u8()) {
    case 0:
      out.layout = Hdf5Dataset::Layout::compact;
      out.size = message.u16();
      out.inside = message.at();
      message.skip(out.size);
      break;
    case 1:
      out.address = message.u64();
      out.size = message.u64();
      break;
    case 2: {
      out.layout = Hdf5Dataset::Layout::chunked;
      const uint8_t flags = version == 4 ? message.u8() : uint8_t{0};
      const uint8_t count = message.u8();
      if (count < 2 || count > most_dims + 1) message.damaged("chunks on an impossible number of axes");
      if (version == 3) out.address = message.u64();
      const uint8_t width = version == 4 ? message.u8() : uint8_t{4};
      if (width == 0 || width > 8) message.damaged("a chunk's sizes have an impossible width");
      for (int i = 0; i < count; ++i) {
        out.chunk.push_back(message.number(width));
        if (out.chunk.back() == 0 || out.chunk.back() > UINT32_MAX) message.damaged("a chunk of an impossible size");
      }
      out.element = out.chunk.back();
      out.chunk.pop_back();
      if (version == 3) break;
      if (flags & ~3) message.damaged("chunks with unknown flags");
      if (flags & 1) message.unsupported("chunks at the edge that are not filtered");
      const uint8_t index = message.u8();
      if (index == 1) {
        out.index = Hdf5Layout::Index::single;
        if (flags & 2) out.size = message.u64(), out.mask = message.u32();
      } else if (index == 2) {
        out.index = Hdf5Layout::Index::implicit;
      } else if (index == 3) {
        out.index = Hdf5Layout::Index::fixed_array;
        out.page_bits = message.u8();
      } else {
        message.unsupported("a dataset that may grow, written for the latest HDF5 only");
      }
      if (flags & 2 && index != 1) message.damaged("chunks with unknown flags");
      out.address = message.u64();
      break;
    }
    case 3:
      message.unsafe("a virtual dataset, whose elements lie in other datasets or files");
    default:
      message.unsupported("a layout of an unknown kind");
  }
  message.ends(padded);
  return out;
}

}  // namespace keraft::formats::wire
