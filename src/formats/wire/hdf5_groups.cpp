// Links of groups: messages of their own, and symbol tables with a B-tree of the first version.
#include <algorithm>

#include "base/string.h"
#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {
namespace {

/// The names of a group's links, and room that is free.
class NameHeap {
 public:
  NameHeap(Hdf5Context& context, uint64_t address) : segment_(context.block(address, 32, "a heap of names")) {
    Hdf5Cursor head = segment_;
    head.signature("HEAP");
    head.version(0);
    head.skip(3);
    const uint64_t size = head.u64(), free = head.u64(), data = head.u64();
    segment_ = context.block(data, size, "a heap of names");
    free_blocks(free);
  }

  /// A name that some entry or key refers to.
  std::string_view name(uint64_t offset, const Hdf5Cursor& place) const {
    if (offset >= segment_.left()) place.damaged("a name past the end of the heap of names");
    Hdf5Cursor from = segment_;
    from.skip(offset);
    return from.terminated();
  }
  /// The name of a link: each has its own place.
  std::string_view own(uint64_t offset, const Hdf5Cursor& place) {
    const std::string_view out = name(offset, place);
    used_.emplace_back(offset, offset + out.size() + 1);
    return out;
  }
  void nothing_overlaps() {
    std::sort(used_.begin(), used_.end());
    for (size_t i = 1; i < used_.size(); ++i) {
      if (used_[i].first < used_[i - 1].second) segment_.damaged("two names, or a name and free room, overlap");
    }
  }

 private:
  void free_blocks(uint64_t next) {
    constexpr uint64_t last = 1;
    uint64_t left = segment_.left() / 16;
    while (next != last) {
      if (left-- == 0) segment_.damaged("the list of free room in a heap of names has no end");
      Hdf5Cursor block = segment_;
      if (next >= block.left()) block.damaged("free room past the end of the heap of names");
      block.skip(next);
      const uint64_t at = next;
      next = block.u64();
      const uint64_t size = block.u64();
      if (size < 16 || size > segment_.left() - at) block.damaged("free room past the end of the heap of names");
      used_.emplace_back(at, at + size);
    }
  }

  Hdf5Cursor segment_;
  std::vector<std::pair<uint64_t, uint64_t>> used_;
};

struct SymbolTable {
  Hdf5Context& context;
  NameHeap heap;
  std::vector<Hdf5Link> links{};
  struct Node {
    uint64_t address, left, right;
  };
  std::vector<std::vector<Node>> levels{};

  /// Names must lie after `low` and not after `high`.
  void symbols(uint64_t address, std::string_view low, std::string_view high) {
    Hdf5Cursor node = context.block(address, 8 + uint64_t{context.leaf} * 2 * 40, "a node of links");
    node.signature("SNOD");
    node.version(1);
    node.skip(1);
    const uint16_t count = node.u16();
    if (count == 0 || count > context.leaf * 2) node.damaged("a node of links with an impossible number of them");
    std::string_view before = low;
    for (int i = 0; i < count; ++i) {
      Hdf5Cursor entry = node.part(40);
      const uint64_t name_at = entry.u64(), object = entry.u64();
      const std::string_view name = heap.own(name_at, entry);
      const uint32_t cached = entry.u32();
      if (cached == 2) entry.unsafe("the soft link \"" + base::escaped(name) + "\"");
      if (cached > 1) entry.damaged("a link of an unknown kind");
      check_name(entry, name);
      if (name <= before || name > high) entry.damaged("links are not in the order of their names");
      before = name;
      context.budget.bytes(sizeof(Hdf5Link) + name.size());
      entry.skip(4);
      Hdf5Link& link = links.emplace_back(Hdf5Link{std::string(name), object});
      if (cached == 1) link.table = {entry.u64(), entry.u64()};
    }
  }

  void node(uint64_t address, int level, std::string_view low, std::string_view high) {
    const uint64_t pairs = uint64_t{context.inner} * 2;
    Hdf5Cursor node = context.block(address, 24 + pairs * 8 + (pairs + 1) * 8, "a B-tree node");
    node.signature("TREE");
    if (node.u8() != 0) node.damaged("a B-tree of another kind than links");
    const int found = node.u8();
    if (level < 0 && found > hdf5_deepest_tree) node.damaged("a B-tree is too deep");
    if (level < 0) levels.resize(static_cast<size_t>(found) + 1);
    if (level >= 0 && found != level) node.damaged("a B-tree node is on another level than its parent says");
    const uint16_t count = node.u16();
    if (count > pairs || (count == 0 && level >= 0)) node.damaged("a B-tree node with an impossible number of entries");
    const uint64_t left = node.u64(), right = node.u64();
    levels[static_cast<size_t>(found)].push_back({address, left, right});
    if (count == 0) return;
    std::string_view key = heap.name(node.u64(), node);
    if (key < low) node.damaged("the keys of a B-tree are not in order");
    for (int i = 0; i < count; ++i) {
      const uint64_t child = node.u64();
      const std::string_view next = heap.name(node.u64(), node);
      if (next <= key || (level >= 0 && next > high)) node.damaged("the keys of a B-tree are not in order");
      if (found == 0)
        symbols(child, key, next);
      else
        this->node(child, found - 1, key, next);
      key = next;
    }
  }

  void siblings() const {
    for (const auto& level : levels) {
      for (size_t i = 0; i < level.size(); ++i) {
        const uint64_t left = i == 0 ? hdf5_nowhere : level[i - 1].address;
        const uint64_t right = i + 1 == level.size() ? hdf5_nowhere : level[i + 1].address;
        if (level[i].left != left || level[i].right != right) {
          context.damaged(context.base + level[i].address, "the nodes of a B-tree disagree about their neighbours");
        }
      }
    }
  }
};

}  // namespace

void check_name(const Hdf5Cursor& place, std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    place.damaged("the name \"" + base::escaped(name) + "\" cannot be a part of a path");
  }
}

std::vector<Hdf5Link> read_symbol_table(Hdf5Context& context, const Hdf5Table& table) {
  SymbolTable reader{context, NameHeap(context, table.heap)};
  reader.node(table.tree, -1, {}, {});
  reader.siblings();
  reader.heap.nothing_overlaps();
  return std::move(reader.links);
}

Hdf5Link read_link(Hdf5Cursor message, bool padded) {
  message.version(1);
  const uint8_t flags = message.u8();
  if (flags & 0xE0) message.damaged("a link with unknown flags");
  const uint8_t kind = flags & 0x08 ? message.u8() : uint8_t{0};
  if (flags & 0x04) message.skip(8);
  if (flags & 0x10 && message.u8() > 1) message.damaged("a name in an unknown character set");
  const std::string_view name = message.text(message.number(size_t{1} << (flags & 3)));
  check_name(message, name);
  if (kind == 1) message.unsafe("the soft link \"" + base::escaped(name) + "\"");
  if (kind == 64) message.unsafe("the link \"" + base::escaped(name) + "\" to another file");
  if (kind != 0) message.unsafe("the link \"" + base::escaped(name) + "\" of a kind that a user defined");
  message.context().budget.bytes(sizeof(Hdf5Link) + name.size());
  Hdf5Link out{std::string(name), message.u64()};
  message.ends(padded);
  return out;
}

Hdf5Dense read_dense(Hdf5Cursor message, const char* of, size_t order_index, bool padded) {
  message.version(0);
  const uint8_t flags = message.u8();
  if (flags > 3) message.damaged(std::string(of) + " with unknown flags");
  if (flags & 1) message.skip(order_index);
  Hdf5Dense out;
  out.heap = message.u64();
  out.names = message.u64();
  if (flags & 2) out.order = message.u64();
  message.ends(padded);
  return out;
}

void check_group_info(Hdf5Cursor message, bool padded) {
  message.version(0);
  const uint8_t flags = message.u8();
  if (flags > 3) message.damaged("a group with unknown flags");
  if (flags & 1) message.skip(4);
  if (flags & 2) message.skip(4);
  message.ends(padded);
}

}  // namespace keraft::formats::wire
