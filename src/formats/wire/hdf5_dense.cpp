// Many links or attributes of one object: a fractal heap that holds them, B-trees of the second version that find them.
#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <set>

#include "base/checked.h"
#include "formats/wire/hdf5_messages.h"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t widest_table = 4096, deepest_index = 16;
constexpr size_t link_id = 7, attribute_id = 8;

/// Bytes that hold numbers up to `limit`.
size_t width_of(uint64_t limit) { return static_cast<size_t>(std::bit_width(limit | 1) - 1) / 8 + 1; }

/// Calls `each` with every record, in order. Returns their number.
class Tree2 {
 public:
  Tree2(Hdf5Context& context, uint64_t address, uint8_t kind, uint16_t record, const std::function<void(Hdf5Cursor)>& each)
      : context_(context), kind_(kind), record_(record), each_(each) {
    Hdf5Cursor head = context.block(address, 38, "a B-tree");
    head.checksum();
    head.signature("BTHD");
    head.version(0);
    if (head.u8() != kind) head.damaged("a B-tree of another kind than its place asks for");
    node_ = head.u32();
    if (head.u16() != record) head.damaged("a B-tree with records of an impossible size");
    const uint16_t depth = head.u16();
    const uint8_t split = head.u8(), merge = head.u8();
    const uint64_t root = head.u64();
    const uint16_t in_root = head.u16();
    const uint64_t total = head.u64();
    if (node_ < 64 || node_ > context.end || depth > deepest_index) head.damaged("a B-tree of impossible sizes");
    if (split == 0 || split > 100 || merge == 0 || merge > 100) head.damaged("a B-tree of impossible sizes");
    levels_.push_back({(node_ - 10) / record, 8, 0, 0});
    levels_[0].all = levels_[0].most;
    for (uint16_t i = 1; i <= depth; ++i) {
      const uint64_t pointer = 8 + width_of(levels_[0].most) + levels_.back().all_width;
      if (node_ < 10 + pointer + record) head.damaged("a B-tree of impossible sizes");
      const uint64_t most = (node_ - 10 - pointer) / (record + pointer);
      const auto product = base::mul(most + 1, levels_.back().all);
      const auto all = product ? base::add(*product, most) : std::nullopt;
      if (!all) head.damaged("a B-tree of impossible sizes");
      levels_.push_back({most, pointer, *all, width_of(*all)});
    }
    if (root != hdf5_nowhere) node(root, depth, in_root);
    if ((root == hdf5_nowhere && in_root != 0) || count_ != total) head.damaged("a B-tree with another number of records");
  }
  uint64_t count() const noexcept { return count_; }

 private:
  struct Level {
    uint64_t most, pointer, all, all_width;
  };

  uint64_t node(uint64_t address, size_t depth, uint64_t count) {
    const uint64_t before = count_;
    if (count == 0 || count > levels_[depth].most) {
      context_.damaged(context_.base + address, "a B-tree node with an impossible number of records");
    }
    const uint64_t children = depth == 0 ? 0 : (count + 1) * levels_[depth].pointer;
    Hdf5Cursor whole = context_.block(address, node_, "a B-tree node");
    Hdf5Cursor node = whole.part(6 + count * record_ + children + 4);
    node.checksum();
    node.signature(depth == 0 ? "BTLF" : "BTIN");
    node.version(0);
    if (node.u8() != kind_) node.damaged("a B-tree node of another kind than its tree");
    Hdf5Cursor records = node.part(count * record_);
    for (uint64_t i = 0; i <= count; ++i) {
      if (depth > 0) {
        const uint64_t child = node.u64(), in_child = node.number(width_of(levels_[0].most));
        const uint64_t all = depth > 1 ? node.number(levels_[depth - 1].all_width) : in_child;
        if (this->node(child, depth - 1, in_child) != all) node.damaged("a B-tree with another number of records");
      }
      if (i == count) break;
      ++count_;
      each_(records.part(record_));
    }
    return count_ - before;
  }

  Hdf5Context& context_;
  uint8_t kind_;
  uint64_t record_;
  const std::function<void(Hdf5Cursor)>& each_;
  uint64_t node_ = 0, count_ = 0;
  std::vector<Level> levels_;
};

class FractalHeap {
 public:
  FractalHeap(Hdf5Context& context, uint64_t address, size_t id) : context_(context), address_(address), id_(id) {
    Hdf5Cursor head = context.block(address, 146, "a fractal heap");
    head.checksum();
    head.signature("FRHP");
    head.version(0);
    if (head.u16() != id) head.damaged("a fractal heap with identifiers of an impossible size");
    if (head.u16() != 0) head.unsupported("a fractal heap that is filtered");
    const uint8_t flags = head.u8();
    if (flags & ~2) head.unsupported("a fractal heap with unknown flags");
    summed_ = flags & 2;
    const uint32_t largest_object = head.u32();
    head.skip(8);
    const uint64_t huge = head.u64();
    head.skip(16);
    const uint64_t managed = head.u64();
    head.skip(56);
    width_ = head.u16();
    start_ = head.u64();
    largest_ = head.u64();
    const uint16_t bits = head.u16();
    head.skip(2);
    const uint64_t root = head.u64();
    const uint16_t rows = head.u16();
    if (!std::has_single_bit(width_) || width_ > widest_table || !std::has_single_bit(start_) ||
        !std::has_single_bit(largest_) || start_ < 16 || largest_ < start_ || largest_ > (uint64_t{1} << 32) || bits == 0 ||
        bits > 64 || largest_object == 0 || largest_object > largest_) {
      head.damaged("a fractal heap of impossible sizes");
    }
    first_row_bits_ = static_cast<size_t>(std::countr_zero(start_) + std::countr_zero(width_));
    if (bits < first_row_bits_ || bits < std::countr_zero(largest_) || rows > bits - first_row_bits_ + 1u) {
      head.damaged("a fractal heap of impossible sizes");
    }
    offset_width_ = (bits + 7u) / 8;
    length_width_ = std::min<size_t>((static_cast<size_t>(std::countr_zero(largest_)) + 7) / 8, width_of(largest_object));
    if (1 + offset_width_ + length_width_ > id) head.damaged("a fractal heap with identifiers of an impossible size");
    end_ = managed;
    if (root != hdf5_nowhere) {
      if (rows == 0)
        direct(root, 0, start_);
      else
        indirect(root, 0, rows);
    }
    if (huge != hdf5_nowhere) {
      const std::function<void(Hdf5Cursor)> each = [&](Hdf5Cursor record) {
        const uint64_t at = record.u64(), size = record.u64(), number = record.u64();
        Hdf5Cursor object = context.block(at, size, "a large attribute");
        if (!huge_.emplace(number, object).second) record.damaged("two objects of a fractal heap have one number");
      };
      const Tree2 tree(context, huge, 1, 24, each);
    }
  }

  /// Each object is asked for once.
  Hdf5Cursor object(Hdf5Cursor id) {
    const uint8_t head = id.u8();
    if (head == 0x10) {
      const auto found = huge_.find(id.number(std::min<size_t>(8, id_ - 1)));
      if (found == huge_.end()) id.damaged("an object that is missing in its fractal heap");
      const Hdf5Cursor out = found->second;
      huge_.erase(found);
      return out;
    }
    if (head != 0) id.unsupported("an object of an unknown kind in a fractal heap");
    const uint64_t offset = id.number(offset_width_), length = id.number(length_width_);
    const auto next = blocks_.upper_bound(offset);
    if (next == blocks_.begin() || length == 0 || offset > end_) id.damaged("an object that is missing in its fractal heap");
    const auto& [start, block] = *std::prev(next);
    if (offset - start < block.head || offset - start > block.bytes.left() || length > block.bytes.left() - (offset - start)) {
      id.damaged("an object that is missing in its fractal heap");
    }
    const auto after = used_.lower_bound(offset);
    if ((after != used_.end() && after->first < offset + length) ||
        (after != used_.begin() && std::prev(after)->second > offset)) {
      id.damaged("two objects of a fractal heap overlap");
    }
    used_.emplace(offset, offset + length);
    Hdf5Cursor out = block.bytes;
    out.skip(offset - start);
    return out.part(length);
  }

 private:
  struct Block {
    Hdf5Cursor bytes;
    size_t head;
  };

  uint64_t row_size(size_t row) const { return row == 0 ? start_ : start_ << (row - 1); }

  void direct(uint64_t address, uint64_t offset, uint64_t size) {
    const Hdf5Cursor whole = context_.block(address, size, "a block of a fractal heap");
    Hdf5Cursor head = whole;
    head.signature("FHDB");
    identify(head, offset);
    if (summed_) {
      const uint32_t stored = head.u32();
      std::vector<std::byte> bytes(whole.rest().begin(), whole.rest().end());
      const size_t sum_at = bytes.size() - head.left() - 4;
      std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(sum_at), 4, std::byte{0});
      if (hdf5_hash(bytes) != stored) head.damaged("a checksum is wrong");
    }
    context_.budget.bytes(64);
    blocks_.emplace(offset, Block{whole, whole.left() - head.left()});
  }

  void identify(Hdf5Cursor& head, uint64_t offset) const {
    head.version(0);
    if (head.u64() != address_ || head.number(offset_width_) != offset) {
      head.damaged("a block of a fractal heap that belongs to another place");
    }
  }

  void indirect(uint64_t address, uint64_t offset, size_t rows) {
    const size_t direct_rows = static_cast<size_t>(std::countr_zero(largest_) - std::countr_zero(start_)) + 2;
    Hdf5Cursor block = context_.block(address, 4 + 1 + 8 + offset_width_ + rows * width_ * 8 + 4, "a block of a fractal heap");
    block.checksum();
    block.signature("FHIB");
    identify(block, offset);
    for (size_t row = 0; row < rows; ++row) {
      for (uint64_t column = 0; column < width_; ++column, offset += row_size(row)) {
        const uint64_t child = block.u64();
        if (child == hdf5_nowhere) continue;
        const auto bits = static_cast<size_t>(std::countr_zero(row_size(row)));
        if (row < direct_rows)
          direct(child, offset, row_size(row));
        else if (bits < first_row_bits_)
          block.damaged("a fractal heap of impossible sizes");
        else
          indirect(child, offset, bits - first_row_bits_ + 1);
      }
    }
  }

  Hdf5Context& context_;
  uint64_t address_, width_ = 0, start_ = 0, largest_ = 0, end_ = 0;
  size_t id_, first_row_bits_ = 0, offset_width_ = 0, length_width_ = 0;
  bool summed_ = false;
  std::map<uint64_t, Block> blocks_;  ///< by their first offset in the heap
  std::map<uint64_t, Hdf5Cursor> huge_;
  std::map<uint64_t, uint64_t> used_;
};

/// An index by order of creation names the same objects as the one by name.
class SameObjects {
 public:
  void found(Hdf5Cursor id) { ids_.insert(id.number(id.left())); }
  void again(Hdf5Cursor id) {
    if (ids_.erase(id.number(id.left())) == 0) id.damaged("two indices of an object disagree");
  }
  void none_left(const Hdf5Context& context, uint64_t address) const {
    if (!ids_.empty()) context.damaged(context.base + address, "two indices of an object disagree");
  }

 private:
  std::set<uint64_t> ids_;
};

bool present(Hdf5Context& context, const Hdf5Dense& dense) {
  if (dense.heap == hdf5_nowhere && dense.names == hdf5_nowhere && dense.order == hdf5_nowhere) return false;
  if (dense.heap == hdf5_nowhere || dense.names == hdf5_nowhere) {
    context.damaged(context.base, "an object with an index and no heap, or a heap and no index");
  }
  return true;
}

}  // namespace

std::vector<Hdf5Link> read_dense_links(Hdf5Context& context, const Hdf5Dense& dense) {
  std::vector<Hdf5Link> out;
  if (!present(context, dense)) return out;
  FractalHeap heap(context, dense.heap, link_id);
  SameObjects same;
  uint32_t last = 0;
  const std::function<void(Hdf5Cursor)> by_name = [&](Hdf5Cursor record) {
    const uint32_t hash = record.u32();
    same.found(record);
    out.push_back(read_link(heap.object(record), false));
    if (hash < last || hash != hdf5_hash(out.back().name)) record.damaged("the index of a group's links is out of order");
    last = hash;
  };
  const Tree2 names(context, dense.names, 5, 11, by_name);
  if (dense.order == hdf5_nowhere) return out;
  uint64_t next = 0;
  const std::function<void(Hdf5Cursor)> by_order = [&](Hdf5Cursor record) {
    if (const uint64_t order = record.u64(); order < next) {
      record.damaged("the index of a group's links is out of order");
    } else {
      next = order + 1;
    }
    same.again(record);
  };
  const Tree2 order(context, dense.order, 6, 15, by_order);
  same.none_left(context, dense.order);
  return out;
}

std::vector<std::string> check_dense_attributes(Hdf5Context& context, const Hdf5Dense& dense) {
  std::vector<std::string> out;
  if (!present(context, dense)) return out;
  FractalHeap heap(context, dense.heap, attribute_id);
  SameObjects same;
  uint32_t last = 0;
  const std::function<void(Hdf5Cursor)> by_name = [&](Hdf5Cursor record) {
    const Hdf5Cursor id = record.part(attribute_id);
    same.found(id);
    if (record.u8() & 0x02) record.unsupported("messages that objects share");
    record.skip(4);
    const uint32_t hash = record.u32();
    out.push_back(check_attribute(heap.object(id), false));
    if (hash < last || hash != hdf5_hash(out.back())) record.damaged("the index of an object's attributes is out of order");
    last = hash;
  };
  const Tree2 names(context, dense.names, 8, 17, by_name);
  if (dense.order == hdf5_nowhere) return out;
  uint64_t next = 0;
  const std::function<void(Hdf5Cursor)> by_order = [&](Hdf5Cursor record) {
    same.again(record.part(attribute_id));
    record.skip(1);
    if (const uint32_t order = record.u32(); order < next) {
      record.damaged("the index of an object's attributes is out of order");
    } else {
      next = uint64_t{order} + 1;
    }
  };
  const Tree2 order(context, dense.order, 9, 13, by_order);
  same.none_left(context, dense.order);
  return out;
}

}  // namespace keraft::formats::wire
