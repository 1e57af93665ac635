// What the messages of an HDF5 object header say. Every reader takes one message whole. Seen by the hdf5_*.cpp files only.
#pragma once

#include <optional>

#include "formats/wire/hdf5_context.h"
#include "formats/wire/hdf5_dataset.h"

namespace keraft::formats::wire {

enum class Hdf5MessageType : uint16_t {
  none = 0x00,
  space = 0x01,
  link_info = 0x02,
  type = 0x03,
  old_fill = 0x04,
  fill = 0x05,
  link = 0x06,
  external = 0x07,
  layout = 0x08,
  group_info = 0x0A,
  filters = 0x0B,
  attribute = 0x0C,
  comment = 0x0D,
  old_time = 0x0E,
  continuation = 0x10,
  symbol_table = 0x11,
  time = 0x12,
  tree_sizes = 0x13,
  attribute_info = 0x15,
  references = 0x16,
};

struct Hdf5Message {
  Hdf5MessageType type;
  Hdf5Cursor body;
};

struct Hdf5Header {
  uint64_t at = 0;          ///< offset in the file
  bool padded = false;      ///< version 1: messages are aligned to eight bytes
  uint32_t references = 1;  ///< hard links, as the file says
  std::vector<Hdf5Message> messages;
};

/// An object header of version 1 or 2 with all its continuations.
Hdf5Header read_header(Hdf5Context& context, uint64_t address);

struct Hdf5Space {
  bool null = false;
  std::vector<uint64_t> dims;
  uint64_t elements = 1;
};
Hdf5Space read_space(Hdf5Cursor message, bool padded);

struct Hdf5Type {
  uint32_t size = 0;
  bool variable = false;  ///< text of any length, which lies in the global heap
};
Hdf5Type read_type(Hdf5Cursor message, bool padded);

struct Hdf5Layout {
  enum class Index { tree, single, implicit, fixed_array };
  Hdf5Dataset::Layout layout = Hdf5Dataset::Layout::contiguous;
  uint64_t address = hdf5_nowhere;
  uint64_t size = 0;    ///< of contiguous and compact data; of a single chunk that is filtered
  uint32_t mask = 0;    ///< filters that a single chunk went round
  uint64_t inside = 0;  ///< where compact data lie in the file
  std::vector<uint64_t> chunk;
  uint64_t element = 0;  ///< bytes of one, of chunked data
  Index index = Index::tree;
  uint8_t page_bits = 0;
};
Hdf5Layout read_layout(Hdf5Cursor message, bool padded);
std::vector<Hdf5Filter> read_filters(Hdf5Cursor message, bool padded);
/// `type` is that of the dataset.
void check_fill(Hdf5Cursor message, bool padded, bool old, const Hdf5Type& type);

/// Returns the attribute's name.
std::string check_attribute(Hdf5Cursor message, bool padded);

/// Where a group's links lie: a B-tree and a heap of names.
struct Hdf5Table {
  uint64_t tree, heap;
  bool operator==(const Hdf5Table&) const = default;
};

struct Hdf5Link {
  std::string name;
  uint64_t address;
  std::optional<Hdf5Table> table = {};  ///< what the link repeats of the group that it leads to
};
Hdf5Link read_link(Hdf5Cursor message, bool padded);
/// Throws for a name that no path can hold.
void check_name(const Hdf5Cursor& place, std::string_view name);

/// Links of a group of the first kind.
std::vector<Hdf5Link> read_symbol_table(Hdf5Context& context, const Hdf5Table& table);
/// Where links or attributes lie when there are many: a fractal heap and an index by name.
struct Hdf5Dense {
  uint64_t heap = hdf5_nowhere, names = hdf5_nowhere, order = hdf5_nowhere;
};
/// `of`: "links" or "attributes", whose largest order index has `order_index` bytes.
Hdf5Dense read_dense(Hdf5Cursor message, const char* of, size_t order_index, bool padded);
void check_group_info(Hdf5Cursor message, bool padded);
std::vector<Hdf5Link> read_dense_links(Hdf5Context& context, const Hdf5Dense& dense);
/// Returns the attributes' names.
std::vector<std::string> check_dense_attributes(Hdf5Context& context, const Hdf5Dense& dense);

/// Where the chunks of a dataset lie, in the order of their places.
std::vector<Hdf5Chunk> read_chunks(Hdf5Context& context, const Hdf5Layout& layout, const std::vector<uint64_t>& dims,
                                   bool filtered, uint64_t at);

}  // namespace keraft::formats::wire
