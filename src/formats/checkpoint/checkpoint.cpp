#include "formats/checkpoint/checkpoint.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <tuple>
#include <utility>

#include "base/checked.h"
#include "base/storage.h"
#include "base/string.h"
#include "formats/checkpoint/checked_bytes.h"
#include "formats/checkpoint/crc32c.h"
#include "formats/checkpoint/table.h"

namespace keraft::formats {
namespace {

constexpr int most_shards = 1 << 16;

// Encoded keys of parts begin with a zero byte, names never do.
bool is_slice_key(std::string_view key) { return !key.empty() && key[0] == '\0'; }

}  // namespace

void Checkpoint::fail(const std::string& key, const std::string& what, Status status) const {
  throw Error(status, what, {prefix_ + ".index", {}, key});
}

std::shared_ptr<Checkpoint> Checkpoint::open(const std::string& prefix, base::Budget& budget, const std::string& root) {
  if (!base::exists(prefix + ".index") && base::exists(prefix) && !base::is_folder(prefix) &&
      is_table(*base::File::open(prefix))) {
    throw Error(Status::unsupported,
                "a checkpoint of the old V1 format; save it again with TensorFlow's Saver(write_version=V2)", {prefix, {}, {}});
  }
  std::shared_ptr<Checkpoint> out(new Checkpoint(prefix, root, budget));
  const auto file = out->file(prefix + ".index");
  bool header = false;
  read_table(*file, budget, [&](const std::string& key, const std::string& value) {
    const Place place{file->path(), {}, key};
    if (!header) {
      if (!key.empty()) throw Error(Status::format, "the checkpoint index does not begin with its header", place);
      out->header_ = wire::parse_bundle_header(value, place);
      header = true;
      return;
    }
    out->entries_.emplace(key, wire::parse_bundle_entry(value, place));
  });
  if (!header) throw Error(Status::format, "the checkpoint index has no header", {file->path(), {}, {}});
  if (out->header_.shards < 1 || out->header_.shards > most_shards) {
    throw Error(Status::format, "the checkpoint claims " + std::to_string(out->header_.shards) + " data files",
                {file->path(), {}, {}});
  }
  if (out->header_.min_consumer > 1) throw Error(Status::unsupported, "a checkpoint of a newer format", {file->path(), {}, {}});
  out->check_overlaps();
  return out;
}

std::shared_ptr<const base::File> Checkpoint::file(const std::string& path) const {
  return root_.empty() ? base::File::open(path) : base::File::open_beneath(root_, path.substr(root_.size() + 1));
}

/// No writer lets two tensors share bytes; a file where they do was made to mislead. One tensor may stand under the name of a
/// variable and, below that, of an object.
void Checkpoint::check_overlaps() const {
  using Place = std::tuple<int, int64_t, int64_t, const std::string*>;
  std::vector<Place> places;
  for (const auto& [key, entry] : entries_) {
    if (entry.size > 0 && !is_second_key(key)) places.emplace_back(entry.shard, entry.offset, entry.size, &key);
  }
  std::sort(places.begin(), places.end());
  for (size_t i = 1; i < places.size(); ++i) {
    const auto& [shard, offset, size, key] = places[i - 1];
    const auto& [next_shard, next_offset, next_size, next_key] = places[i];
    const auto end = base::add(offset, size);
    if (shard == next_shard && (!end || next_offset < *end))
      fail(*next_key, "this tensor overlaps '" + base::escaped(*key) + "' in the data file");
  }
}

/// An object's key of a tensor that stands under a variable's name too.
bool Checkpoint::is_second_key(const std::string& key) const {
  if (!key.ends_with(object_value)) return false;
  const auto name = entries_.find(std::string_view(key).substr(0, key.size() - object_value.size()));
  if (name == entries_.end()) return false;
  const wire::BundleEntry &one = name->second, &other = entries_.find(key)->second;
  return one.shard == other.shard && one.offset == other.offset && one.size == other.size && one.dtype == other.dtype &&
         one.dims == other.dims;
}

std::vector<std::string> Checkpoint::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, entry] : entries_) {
    if (!is_slice_key(key) && key != object_graph_key && !is_second_key(key)) out.push_back(key);
  }
  return out;
}

const wire::BundleEntry& Checkpoint::entry(const std::string& key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) fail(key, "the checkpoint has no tensor of this name");
  return found->second;
}

std::shared_ptr<const base::File> Checkpoint::shard(int number, const std::string& key) {
  if (number < 0 || number >= header_.shards)
    fail(key, "the tensor lies in data file " + std::to_string(number) + " of " + std::to_string(header_.shards));
  auto& file = shards_[number];
  if (file) return file;
  char suffix[40];
  std::snprintf(suffix, sizeof suffix, ".data-%05d-of-%05d", number, header_.shards);
  try {
    file = this->file(prefix_ + suffix);
  } catch (const Error& error) {
    throw Error(error.status() == Status::io ? Status::format : error.status(),
                "the data file of this tensor cannot be read: " + error.message(), {prefix_ + suffix, {}, key});
  }
  return file;
}

std::shared_ptr<const Storage> Checkpoint::bytes(const wire::BundleEntry& entry, const std::string& key) {
  const auto file = shard(entry.shard, key);
  if (entry.offset < 0 || entry.size < 0) fail(key, "a negative place in the data file");
  if (static_cast<uint64_t>(entry.offset) > file->size() ||
      static_cast<uint64_t>(entry.size) > file->size() - static_cast<uint64_t>(entry.offset)) {
    throw Error(Status::format,
                "the data file is cut short: this tensor ends at byte " +
                    std::to_string(static_cast<uint64_t>(entry.offset) + static_cast<uint64_t>(entry.size)) + " of " +
                    std::to_string(file->size()),
                {file->path(), {}, key});
  }
  return base::file_range(file, static_cast<uint64_t>(entry.offset), static_cast<uint64_t>(entry.size));
}

Tensor Checkpoint::tensor(const std::string& key, const std::string& slice) {
  const wire::BundleEntry& whole = entry(key);
  if (whole.dtype == DType::string) return strings(whole, key);
  const size_t width = size_of(whole.dtype);
  if (width == 0) fail(key, "a tensor of type " + std::string(name_of(whole.dtype)), Status::unsupported);
  const auto stored = [&](const wire::BundleEntry& part) -> std::shared_ptr<const Storage> {
    const auto size = base::mul(static_cast<uint64_t>(element_count(part.dims)), static_cast<uint64_t>(width));
    if (!size || part.size < 0 || *size != static_cast<uint64_t>(part.size))
      fail(key, "the sizes and the bytes of the tensor disagree");
    auto contents =
        checked_bytes(bytes(part, key), part.crc, {shard(part.shard, key)->path(), static_cast<uint64_t>(part.offset), key});
    if (!header_.big_endian) return contents;
    const bool pairs = whole.dtype == DType::c64 || whole.dtype == DType::c128;
    return base::swapped(std::move(contents), pairs ? width / 2 : width);
  };

  Tensor out{whole.dtype, whole.dims, nullptr, nullptr};
  if (whole.slices.empty()) {
    out.storage = stored(whole);
  } else {
    std::vector<base::Part> parts;
    for (const auto& extents : whole.slices) {
      const auto found = entries_.find(slice_key(key, extents));
      if (found == entries_.end()) fail(key, "a part of the tensor is missing in the checkpoint");
      if (found->second.dtype != whole.dtype || extents.size() != whole.dims.size())
        fail(key, "a part of the tensor has another type or rank than the whole");
      base::Part part;
      for (size_t axis = 0; axis < extents.size(); ++axis) {
        const bool all = extents[axis].length < 0;
        part.start.push_back(all ? 0 : extents[axis].start);
        part.dims.push_back(all ? whole.dims[axis] : extents[axis].length);
      }
      if (part.dims != found->second.dims) fail(key, "a part of the tensor has other sizes than its place in the whole");
      part.storage = stored(found->second);
      parts.push_back(std::move(part));
    }
    try {
      out.storage = base::assembled(whole.dims, std::move(parts), width);
    } catch (const Error& error) {
      throw error.at({prefix_ + ".index", {}, key});
    }
  }
  if (slice.empty()) return out;
  const auto spec = parse_slice(slice);
  if (!spec) fail(key, "the graph asks for the part '" + base::escaped(slice) + "', which is no part of a tensor");
  if (spec->dims != whole.dims) fail(key, "the graph asks for a part of a tensor of other sizes", Status::mismatch);
  if (spec->extent == whole.dims) return out;
  out.storage = base::rectangle(out.storage, whole.dims, spec->start, spec->extent, width);
  out.dims = spec->extent;
  return out;
}

Tensor Checkpoint::strings(const wire::BundleEntry& entry, const std::string& key) {
  const auto storage = bytes(entry, key);
  const int64_t count = element_count(entry.dims);
  // Each string takes at least the byte of its length, and their checksum four.
  if (count < 0 || static_cast<uint64_t>(count) + 4 > storage->size()) fail(key, "a string tensor is cut short");
  budget_.bytes(storage->size() + static_cast<uint64_t>(count) * sizeof(std::string));
  std::vector<std::byte> all(static_cast<size_t>(storage->size()));
  storage->read(0, all);
  const std::span<const std::byte> bytes(all);
  size_t at = 0;
  uint32_t crc = 0;
  std::vector<uint64_t> sizes;
  for (int64_t i = 0; i < count; ++i) {
    uint64_t size = 0;
    for (int shift = 0;; shift += 7) {
      if (at >= bytes.size() || shift > 56) fail(key, "a string tensor is cut short");
      const auto byte = static_cast<uint8_t>(bytes[at++]);
      size |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    sizes.push_back(size);
    std::byte little[8];
    for (size_t b = 0; b < 8; ++b) little[b] = static_cast<std::byte>(size >> (8 * b));
    crc = crc32c(std::span(little).first(size > std::numeric_limits<uint32_t>::max() ? 8 : 4), crc);
  }
  if (bytes.size() - at < 4) fail(key, "a string tensor is cut short");
  uint32_t stored = 0;
  for (size_t b = 0; b < 4; ++b) stored |= static_cast<uint32_t>(bytes[at + b]) << (8 * b);
  if (stored != masked_crc(crc)) fail(key, "the checksum of a string tensor's lengths is wrong");
  crc = crc32c(bytes.subspan(at), crc);
  at += 4;
  if (masked_crc(crc) != entry.crc) fail(key, "the checksum of a string tensor is wrong");
  std::vector<std::string> out;
  for (const uint64_t size : sizes) {
    if (size > bytes.size() - at) fail(key, "a string tensor is cut short");
    out.emplace_back(reinterpret_cast<const char*>(bytes.data()) + at, static_cast<size_t>(size));
    at += static_cast<size_t>(size);
  }
  if (at != bytes.size()) fail(key, "a string tensor with bytes left over");
  return make_strings(entry.dims, std::move(out));
}

std::optional<wire::ObjectGraph> Checkpoint::objects() {
  if (!has(object_graph_key)) return std::nullopt;
  const Tensor tensor = this->tensor(object_graph_key);
  if (tensor.dtype != DType::string || tensor.strings->size() != 1)
    fail(object_graph_key, "the object graph is no single string");
  return wire::parse_checkpoint_objects(tensor.strings->front(), {prefix_ + ".index", {}, object_graph_key});
}

}  // namespace keraft::formats
