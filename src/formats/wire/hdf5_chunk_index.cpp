// Where the chunks of a dataset lie.
#include <bit>

#include "base/checked.h"
#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {
namespace {

struct Grid {
  const std::vector<uint64_t>& dims;
  const std::vector<uint64_t>& chunk;
  uint64_t count = 1, bytes = 1;  ///< of chunks; of one chunk

  /// The chunk's number when it begins at `offsets`, nothing when none does.
  std::optional<uint64_t> number(const std::vector<uint64_t>& offsets) const {
    uint64_t out = 0;
    for (size_t i = 0; i < dims.size(); ++i) {
      if (offsets[i] % chunk[i] != 0 || offsets[i] >= dims[i]) return std::nullopt;
      out = out * ((dims[i] - 1) / chunk[i] + 1) + offsets[i] / chunk[i];
    }
    return offsets.back() == 0 ? std::optional(out) : std::nullopt;
  }
};

/// An index by a B-tree of the first version.
struct ChunkTree {
  Hdf5Context& context;
  const Grid& grid;
  bool filtered;
  std::vector<Hdf5Chunk> out{};
  uint64_t next = 0;  ///< the smallest number that the next chunk may have

  struct Key {
    uint32_t size, mask;
    std::vector<uint64_t> offsets;
  };
  Key key(Hdf5Cursor& node) const {
    Key read{node.u32(), node.u32(), {}};
    for (size_t i = 0; i <= grid.dims.size(); ++i) read.offsets.push_back(node.u64());
    return read;
  }

  void node(uint64_t address, int level, const Key* low, const Key* high) {
    const uint64_t pairs = uint64_t{context.chunk_inner} * 2;
    Hdf5Cursor node = context.block(address, 24 + pairs * 8 + (pairs + 1) * (16 + 8 * grid.dims.size()), "a B-tree node");
    node.signature("TREE");
    if (node.u8() != 1) node.damaged("a B-tree of another kind than chunks");
    const int found = node.u8();
    if (level < 0 ? found > hdf5_deepest_tree : found != level) node.damaged("a B-tree node on an impossible level");
    const uint16_t count = node.u16();
    if (count > pairs || (count == 0 && level >= 0)) node.damaged("a B-tree node with an impossible number of entries");
    node.skip(16);
    if (count == 0) return;
    Key at = key(node);
    if (low && at.offsets < low->offsets) node.damaged("the keys of a B-tree are not in order");
    for (int i = 0; i < count; ++i) {
      const uint64_t child = node.u64();
      Key after = key(node);
      if (after.offsets <= at.offsets || (high && after.offsets > high->offsets)) {
        node.damaged("the keys of a B-tree are not in order");
      }
      if (found > 0)
        this->node(child, found - 1, &at, &after);
      else
        chunk(node, at, child);
      at = std::move(after);
    }
  }

  void chunk(const Hdf5Cursor& place, const Key& at, uint64_t address) {
    const auto number = grid.number(at.offsets);
    if (!number || *number < next) place.damaged("a chunk begins where none can");
    if (filtered ? at.size == 0 : at.size != grid.bytes || at.mask != 0) place.damaged("a chunk of an impossible size");
    next = *number + 1;
    context.budget.bytes(sizeof(Hdf5Chunk));
    out.push_back({context.raw(address, at.size, "a chunk"), at.size, at.mask});
  }
};

/// An array with an entry for each chunk, in pages when it is long.
std::vector<Hdf5Chunk> read_fixed_array(Hdf5Context& context, const Hdf5Layout& layout, const Grid& grid, bool filtered) {
  std::vector<Hdf5Chunk> out;
  Hdf5Cursor head = context.block(layout.address, 28, "an array of chunks");
  head.checksum();
  head.signature("FAHD");
  head.version(0);
  // Twice the bytes that the size of a chunk needs, as HDF5 sets it: a filter may make it larger.
  const size_t size_width = std::min<size_t>(8, 1 + (static_cast<size_t>(std::bit_width(grid.bytes)) - 1 + 8) / 8);
  const size_t entry = filtered ? 8 + size_width + 4 : 8;
  if (head.u8() != (filtered ? 1 : 0) || head.u8() != entry)
    head.damaged("an array of chunks of another kind than the dataset");
  const uint8_t page_bits = head.u8();
  if (page_bits != layout.page_bits || page_bits == 0 || page_bits > 32) head.damaged("an array of chunks of impossible sizes");
  if (head.u64() != grid.count) head.unsupported("a dataset that may grow, written for the latest HDF5 only");
  const uint64_t data = head.u64();
  if (data == hdf5_nowhere) return out;
  if (grid.count > context.end / entry) head.damaged("an array of chunks is larger than the file");

  const auto entries = [&](Hdf5Cursor& from, uint64_t count) {
    for (; count > 0; --count) {
      const uint64_t address = from.u64();
      const uint64_t size = filtered ? from.number(size_width) : grid.bytes;
      const uint32_t mask = filtered ? from.u32() : 0;
      if (address == hdf5_nowhere) continue;
      if (size == 0) from.damaged("a chunk of an impossible size");
      context.budget.bytes(sizeof(Hdf5Chunk));
      out.push_back({context.raw(address, size, "a chunk"), size, mask});
    }
  };
  const uint64_t page = uint64_t{1} << page_bits, pages = grid.count > page ? (grid.count - 1) / page + 1 : 0;
  const uint64_t bitmap = (pages + 7) / 8;
  Hdf5Cursor block = context.block(data, 14 + (pages > 0 ? bitmap : grid.count * entry) + 4, "an array of chunks");
  block.checksum();
  block.signature("FADB");
  block.version(0);
  if (block.u8() != (filtered ? 1 : 0) || block.u64() != layout.address)
    block.damaged("an array of chunks in another one's place");
  if (pages == 0) {
    entries(block, grid.count);
    return out;
  }
  uint64_t at = data + 14 + bitmap + 4;
  for (uint64_t i = 0; i < pages; ++i) {
    const uint64_t count = i + 1 < pages ? page : grid.count - page * (pages - 1);
    if (static_cast<unsigned>(block.rest()[i / 8]) & (0x80u >> (i % 8))) {
      Hdf5Cursor one = context.block(at, count * entry + 4, "an array of chunks");
      one.checksum();
      entries(one, count);
    }
    at += count * entry + 4;
  }
  return out;
}

}  // namespace

std::vector<Hdf5Chunk> read_chunks(Hdf5Context& context, const Hdf5Layout& layout, const std::vector<uint64_t>& dims,
                                   bool filtered, uint64_t at) {
  if (layout.chunk.size() != dims.size()) context.damaged(at, "chunks have another number of axes than their dataset");
  Grid grid{dims, layout.chunk};
  grid.bytes = layout.element;
  bool empty = false;
  for (size_t i = 0; i < dims.size(); ++i) {
    const auto bytes = base::mul(grid.bytes, layout.chunk[i]);
    if (!bytes || *bytes > UINT32_MAX) context.damaged(at, "a chunk of an impossible size");
    grid.bytes = *bytes;
    empty |= dims[i] == 0;
    if (dims[i] > 0) grid.count *= (dims[i] - 1) / layout.chunk[i] + 1;  // no more than there are elements
  }
  if (layout.address == hdf5_nowhere) return {};
  if (empty) context.unsupported(at, "chunks of a dataset without elements");
  switch (layout.index) {
    case Hdf5Layout::Index::tree: {
      ChunkTree tree{context, grid, filtered};
      tree.node(layout.address, -1, nullptr, nullptr);
      return std::move(tree.out);
    }
    case Hdf5Layout::Index::single: {
      if (grid.count != 1 || (layout.size != 0) != filtered) context.damaged(at, "a single chunk that is not the dataset");
      const uint64_t size = filtered ? layout.size : grid.bytes;
      return {{context.raw(layout.address, size, "a chunk"), size, layout.mask}};
    }
    case Hdf5Layout::Index::implicit: {
      const auto size = base::mul(grid.count, grid.bytes);
      if (filtered || !size) context.damaged(at, "chunks in a row that are filtered");
      uint64_t offset = context.raw(layout.address, *size, "a row of chunks");
      std::vector<Hdf5Chunk> out;
      context.budget.bytes(grid.count * sizeof(Hdf5Chunk));
      for (uint64_t i = 0; i < grid.count; ++i, offset += grid.bytes) out.push_back({offset, grid.bytes, 0});
      return out;
    }
    case Hdf5Layout::Index::fixed_array:
      return read_fixed_array(context, layout, grid, filtered);
  }
  return {};
}

}  // namespace keraft::formats::wire
