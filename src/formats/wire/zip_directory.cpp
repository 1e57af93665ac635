#include "formats/wire/zip_directory.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/string.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

class Bytes {
 public:
  Bytes(const base::File& file, uint64_t offset, uint64_t size) : place_{file.path(), offset, {}} {
    if (offset > file.size() || size > file.size() - offset)
      throw Error(Status::format, "the zip archive is cut short", place_);
    data_.resize(static_cast<size_t>(size));
    file.read(offset, std::as_writable_bytes(std::span(data_)));
  }

  size_t left() const noexcept { return data_.size() - at_; }
  template <class T>
  T next() {
    const std::string_view bytes = take(sizeof(T));
    T out = 0;
    for (size_t i = sizeof(T); i-- > 0;)
      out = static_cast<T>((out << (sizeof(T) > 1 ? 8 : 0)) | static_cast<unsigned char>(bytes[i]));
    return out;
  }
  std::string_view take(size_t count) {
    if (count > left()) throw Error(Status::format, "the zip archive's directory is cut short", place_);
    at_ += count;
    return std::string_view(data_).substr(at_ - count, count);
  }

 private:
  Place place_;
  std::string data_;
  size_t at_ = 0;
};

struct Directory {
  uint64_t offset = 0, size = 0, count = 0, end = 0;  ///< end: where the records after the directory begin
};

struct Header {
  uint16_t flags = 0, method = 0;
  uint32_t crc = 0;
  uint64_t packed = 0, size = 0, local = 0;
  std::string name;
};

Directory find_directory(const base::File& file) {
  const auto fail = [&](const char* what) { throw Error(Status::format, what, {file.path(), {}, {}}); };
  constexpr uint64_t record = 22, locator_size = 20;
  if (file.size() < record) fail("the zip archive is cut short");
  const uint64_t tail_size = std::min<uint64_t>(file.size(), record + zip_full16);
  Bytes tail_bytes(file, file.size() - tail_size, tail_size);
  const std::string_view tail = tail_bytes.take(static_cast<size_t>(tail_size));
  const std::string_view magic("PK\5\6", 4);
  const size_t at = tail.rfind(magic);
  if (at == std::string_view::npos || tail.size() - at < record) fail("the zip archive is cut short: it has no directory");
  const uint64_t end = file.size() - tail_size + at;
  Bytes bytes(file, end, file.size() - end);
  bytes.take(4);
  const auto disk = bytes.next<uint16_t>(), first_disk = bytes.next<uint16_t>(), here = bytes.next<uint16_t>();
  Directory out;
  out.count = bytes.next<uint16_t>();
  out.size = bytes.next<uint32_t>();
  out.offset = bytes.next<uint32_t>();
  if (bytes.next<uint16_t>() != bytes.left()) fail("bytes follow the zip archive, or its directory is damaged");
  if (disk != 0 || first_disk != 0 || here != out.count) fail("a zip archive in several parts");
  out.end = end;
  if (end >= locator_size) {
    Bytes locator(file, end - locator_size, locator_size);
    if (locator.next<uint32_t>() == zip64_locator) {
      locator.take(4);
      const auto where = locator.next<uint64_t>();
      Bytes wide(file, where, 56);
      if (wide.next<uint32_t>() != zip64_end || where != end - locator_size - 56) fail("the zip64 directory is damaged");
      wide.take(8 + 2 + 2 + 4 + 4 + 8);
      out.count = wide.next<uint64_t>();
      out.size = wide.next<uint64_t>();
      out.offset = wide.next<uint64_t>();
      out.end = where;
    }
  }
  if (out.offset > out.end || out.size != out.end - out.offset) fail("the zip directory does not lie where the archive says");
  if (out.count > out.size / 46) fail("the zip directory claims more members than it has");
  return out;
}

/// Replaces the sizes that are full by those of the zip64 extra field.
void widen(Header& header, std::string_view extra, bool local, const Place& place) {
  const auto number = [](std::string_view bytes) {
    uint64_t out = 0;
    for (size_t i = bytes.size(); i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[i]);
    return out;
  };
  while (extra.size() >= 4) {
    const uint64_t id = number(extra.substr(0, 2)), size = number(extra.substr(2, 2));
    if (size > extra.size() - 4) break;  // some writers leave padding here
    std::string_view field = extra.substr(4, static_cast<size_t>(size));
    extra.remove_prefix(4 + static_cast<size_t>(size));
    if (id != zip64_extra) continue;
    for (uint64_t* value : {&header.size, &header.packed, &header.local}) {
      if (*value != zip_full32 || (local && value == &header.local)) continue;
      if (field.size() < 8) throw Error(Status::format, "the zip64 sizes of a member are missing", place);
      *value = number(field.substr(0, 8));
      field.remove_prefix(8);
    }
  }
}

Header next_central(Bytes& bytes, const Place& place) {
  if (bytes.next<uint32_t>() != zip_central) throw Error(Status::format, "the zip directory is damaged", place);
  Header out;
  bytes.take(4);
  out.flags = bytes.next<uint16_t>();
  out.method = bytes.next<uint16_t>();
  bytes.take(4);
  out.crc = bytes.next<uint32_t>();
  out.packed = bytes.next<uint32_t>();
  out.size = bytes.next<uint32_t>();
  const auto name = bytes.next<uint16_t>(), extra = bytes.next<uint16_t>(), comment = bytes.next<uint16_t>();
  if (bytes.next<uint16_t>() != 0) throw Error(Status::format, "a zip archive in several parts", place);
  bytes.take(2 + 4);
  out.local = bytes.next<uint32_t>();
  out.name = bytes.take(name);
  widen(out, bytes.take(extra), false, place);
  bytes.take(comment);
  return out;
}

/// Where the member's bytes begin.
uint64_t check_local(const base::File& file, const Header& central) {
  const Place place{file.path(), central.local, central.name};
  const auto fail = [&](const char* what) { throw Error(Status::format, what, place); };
  Bytes bytes(file, central.local, 30);
  if (bytes.next<uint32_t>() != zip_local) fail("a zip member does not lie where the directory says");
  bytes.take(2);
  const auto flags = bytes.next<uint16_t>(), method = bytes.next<uint16_t>();
  bytes.take(4);
  Header local;
  local.crc = bytes.next<uint32_t>();
  local.packed = bytes.next<uint32_t>();
  local.size = bytes.next<uint32_t>();
  const auto name = bytes.next<uint16_t>(), extra = bytes.next<uint16_t>();
  Bytes rest(file, central.local + 30, uint64_t{name} + extra);
  if (rest.take(name) != central.name || method != central.method) fail("a zip member's own header contradicts the directory");
  widen(local, rest.take(extra), true, place);
  constexpr uint16_t sizes_follow = 8;
  if (flags & sizes_follow) {
    const bool empty = local.crc == 0 && local.packed == 0 && local.size == 0;
    if (!empty && (local.crc != central.crc || local.packed != central.packed || local.size != central.size)) {
      fail("a zip member's own header contradicts the directory");
    }
  } else if (local.crc != central.crc || local.packed != central.packed || local.size != central.size) {
    fail("a zip member's own header contradicts the directory");
  }
  return central.local + 30 + name + extra;
}

void check_name(const Header& header, const Place& place) {
  const std::string& name = header.name;
  const bool bad = name.empty() || name.front() == '/' || name.find('\\') != std::string::npos ||
                   name.find('\0') != std::string::npos || name.find(':') != std::string::npos || !base::is_utf8(name);
  bool climbs = false;
  for (const std::string& part : base::split(name, '/')) climbs = climbs || part == "." || part == "..";
  if (bad || climbs) throw Error(Status::format, "a zip member with an unsafe name", place);
}

}  // namespace

std::vector<ZipEntry> read_directory(const base::File& file, base::Budget& budget) {
  const Directory directory = find_directory(file);
  budget.bytes(directory.size);
  Bytes bytes(file, directory.offset, directory.size);
  std::vector<ZipEntry> out;
  std::set<std::string> names;
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  for (uint64_t i = 0; i < directory.count; ++i) {
    const Header header = next_central(bytes, {file.path(), directory.offset, {}});
    const Place place{file.path(), header.local, header.name};
    check_name(header, place);
    if (!names.insert(base::lower(header.name)).second) throw Error(Status::format, "two zip members of one name", place);
    if (header.flags & 0x2041) throw Error(Status::unsupported, "an encrypted zip member", place);
    if (header.method != 0 && header.method != 8) {
      throw Error(Status::unsupported, "a zip member packed with method " + std::to_string(header.method), place);
    }
    const uint64_t begin = check_local(file, header);
    if (begin > directory.offset || header.packed > directory.offset - begin) {
      throw Error(Status::format, "a zip member ends past the end of the archive", place);
    }
    // Deflate packs at most 1032:1.
    if (header.method == 0 ? header.packed != header.size : header.size / 1032 > header.packed) {
      throw Error(Status::format, "a zip member claims more bytes than it has", place);
    }
    ranges.emplace_back(header.local, begin + header.packed);
    out.push_back({header.name, begin, header.packed, header.size, header.crc, header.method == 8});
  }
  if (bytes.left() != 0) throw Error(Status::format, "the zip directory is damaged", {file.path(), directory.offset, {}});
  std::sort(ranges.begin(), ranges.end());
  if (!ranges.empty() && ranges.front().first != 0) {
    throw Error(Status::format, "other bytes stand before the zip archive", {file.path(), 0, {}});
  }
  for (size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second)
      throw Error(Status::format, "zip members overlap", {file.path(), ranges[i].first, {}});
  }
  return out;
}

}  // namespace keraft::formats::wire
