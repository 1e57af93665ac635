// What the parts of the check of HDF5 files share. Seen by the hdf5_*.cpp files only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/wire/hdf5_snapshot.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {

class Hdf5Cursor;

inline constexpr uint64_t hdf5_nowhere = UINT64_MAX;  ///< the undefined address
inline constexpr int hdf5_deepest_tree = 16;

inline constexpr uint64_t hdf5_aligned(uint64_t size) { return (size + 7) / 8 * 8; }

/// Addresses are those of the file, which count from its superblock.
struct Hdf5Context {
  Hdf5Context(Hdf5Snapshot& bytes, base::Budget& counted, std::string path)
      : snapshot(bytes), budget(counted), place(std::move(path)) {}

  Hdf5Snapshot& snapshot;
  base::Budget& budget;
  std::string place;
  uint64_t base = 0, end = 0;                       ///< where the superblock lies, the address after the last byte
  uint16_t leaf = 4, inner = 16, chunk_inner = 32;  ///< half the entries of a symbol node, a group's node, a chunk index' node

  struct Object {
    size_t parent;
    std::string name;
  };
  std::vector<Object> objects{{0, {}}};  ///< all that were found, the root first
  size_t current = 0;
  std::string path() const;

  /// Objects of a collection in the global heap, by index.
  struct HeapObject {
    uint64_t size;
    bool used;
  };
  std::unordered_map<uint64_t, std::unordered_map<uint16_t, HeapObject>> collections;
  std::optional<bool> big_endian;

  /// A structure that no other overlaps.
  Hdf5Cursor block(uint64_t address, uint64_t size, const char* what);
  /// The same bytes without claiming them.
  Hdf5Cursor peek(uint64_t address, size_t size, const char* what);
  /// Room of elements, which are not read here. Returns its offset in the file.
  uint64_t raw(uint64_t address, uint64_t size, const char* what);

  /// All numbers of a file are in the order of one machine; `big` is that of the type before `at`.
  void same_order(bool big, uint64_t at);

  /// What is against the format.
  [[noreturn]] void damaged(uint64_t at, const std::string& what) const;
  /// What the format has, and no Keras file.
  [[noreturn]] void unsupported(uint64_t at, const std::string& what) const;
  /// What would lead out of the file or this object.
  [[noreturn]] void unsafe(uint64_t at, const std::string& what) const;
};

/// Little-endian numbers in a row. Never reads past its bytes: the file is refused instead.
class Hdf5Cursor {
 public:
  Hdf5Cursor(Hdf5Context& context, std::span<const std::byte> bytes, uint64_t at)
      : context_(&context), bytes_(bytes), at_(at) {}

  uint64_t at() const noexcept { return at_; }  ///< offset in the file of what comes next
  size_t left() const noexcept { return bytes_.size(); }
  Hdf5Context& context() const noexcept { return *context_; }
  std::span<const std::byte> rest() const noexcept { return bytes_; }

  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }
  uint64_t number(size_t width);
  void skip(uint64_t count) { take(count); }
  std::string_view text(uint64_t count);
  /// Text that ends with a NUL; the NUL is taken too.
  std::string_view terminated();
  /// The next bytes as a cursor of their own.
  Hdf5Cursor part(uint64_t count);
  void signature(const char* four);
  void version(uint8_t only);
  /// The last four bytes, which must be the checksum of all before them.
  void checksum();
  /// Nothing may be left but what aligns a message.
  void ends(bool padded);

  [[noreturn]] void damaged(const std::string& what) const { context_->damaged(at_, what); }
  [[noreturn]] void unsupported(const std::string& what) const { context_->unsupported(at_, what); }
  [[noreturn]] void unsafe(const std::string& what) const { context_->unsafe(at_, what); }

 private:
  std::span<const std::byte> take(uint64_t count);

  Hdf5Context* context_;
  std::span<const std::byte> bytes_;
  uint64_t at_;
};

/// Bob Jenkins' lookup3, with which HDF5 sums structure and hashes names.
uint32_t hdf5_hash(std::span<const std::byte> bytes) noexcept;
inline uint32_t hdf5_hash(std::string_view text) noexcept { return hdf5_hash(std::as_bytes(std::span(text))); }

}  // namespace keraft::formats::wire
