// Attributes, and the global heap in which their texts of any length lie.
#include "base/checked.h"
#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t smallest_collection = 4096;

auto& collection(Hdf5Context& context, uint64_t address) {
  const auto [entry, fresh] = context.collections.try_emplace(address);
  if (!fresh) return entry->second;
  Hdf5Cursor head = context.peek(address, 16, "a heap of texts");
  head.skip(8);
  const uint64_t size = head.u64();
  if (size < smallest_collection) head.damaged("a heap of texts is smaller than HDF5 makes any");
  Hdf5Cursor heap = context.block(address, size, "a heap of texts");
  heap.signature("GCOL");
  heap.version(1);
  heap.skip(11);
  while (heap.left() >= 16) {
    Hdf5Cursor object = heap;
    const uint16_t index = object.u16();
    object.skip(6);
    const uint64_t length = object.u64();
    if (index == 0) {  // what is free, its head included
      if (length != heap.left()) object.damaged("the free room of a heap of texts does not reach its end");
      break;
    }
    if (length > object.left()) object.damaged("a text past the end of its heap");
    context.budget.bytes(64);
    if (!entry->second.try_emplace(index, Hdf5Context::HeapObject{length, false}).second) {
      object.damaged("two texts of a heap have one number");
    }
    heap = object;
    heap.skip(std::min<uint64_t>(hdf5_aligned(length), heap.left()));
  }
  return entry->second;
}

void check_text(Hdf5Cursor reference) {
  const uint32_t length = reference.u32();
  const uint64_t address = reference.u64();
  const uint32_t index = reference.u32();
  if (address == 0 || address == hdf5_nowhere) {
    if (length != 0) reference.damaged("a text lies nowhere");
    return;
  }
  auto& objects = collection(reference.context(), address);
  const auto found = index <= UINT16_MAX ? objects.find(static_cast<uint16_t>(index)) : objects.end();
  if (found == objects.end()) reference.damaged("a text is missing in its heap");
  if (found->second.size != length) reference.damaged("a text has another length than its heap says");
  if (std::exchange(found->second.used, true)) reference.damaged("two attributes refer to one text");
}

}  // namespace

std::string check_attribute(Hdf5Cursor message, bool padded) {
  const uint8_t version = message.u8(), flags = message.u8();
  if (version < 1 || version > 3) message.unsupported("an attribute of version " + std::to_string(version));
  if (version > 1 && flags != 0) message.unsupported("messages that objects share");
  const uint16_t name_size = message.u16(), type_size = message.u16(), space_size = message.u16();
  if (version == 3 && message.u8() > 1) message.damaged("a name in an unknown character set");
  const bool old = version == 1;
  Hdf5Cursor named = message.part(old ? hdf5_aligned(name_size) : name_size);
  const std::string name(named.text(name_size));
  if (name.find('\0') != name.size() - 1) named.damaged("an attribute's name ends in another place than the file says");
  const Hdf5Type type = read_type(message.part(old ? hdf5_aligned(type_size) : type_size), old);
  const Hdf5Space space = read_space(message.part(old ? hdf5_aligned(space_size) : space_size), old);
  const auto size = base::mul<uint64_t>(space.elements, type.size);
  if (!size || *size > message.left()) message.damaged("an attribute claims more bytes than the file has");
  Hdf5Cursor values = message.part(*size);
  message.ends(padded);
  for (uint64_t i = 0; type.variable && i < space.elements; ++i) check_text(values.part(type.size));
  return name.substr(0, name.size() - 1);
}

}  // namespace keraft::formats::wire
