#include "formats/wire/zip_reader.h"

#include <zlib.h>

#include <algorithm>

#include "base/storage.h"
#include "formats/wire/crc32.h"
#include "formats/wire/zip_directory.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {

namespace {

constexpr size_t step = size_t{256} << 10;

}  // namespace

ZipReader::ZipReader(std::shared_ptr<const base::File> file, base::Budget& budget)
    : file_(std::move(file)), budget_(budget), entries_(read_directory(*file_, budget)) {}

const ZipEntry* ZipReader::find(std::string_view name) const noexcept {
  for (const ZipEntry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::shared_ptr<const Storage> ZipReader::open(const ZipEntry& entry) const {
  if (!entry.deflated) return base::file_range(file_, entry.offset, entry.packed);
  return base::memory(inflated(entry));
}

std::vector<std::byte> ZipReader::inflated(const ZipEntry& entry) const {
  const auto fail = [&](const char* what) { throw Error(Status::format, what, {file_->path(), entry.offset, entry.name}); };
  budget_.bytes(entry.size);
  std::vector<std::byte> out(static_cast<size_t>(entry.size));
  std::vector<std::byte> in(step);
  struct Stream : z_stream {
    Stream() : z_stream{} {
      if (inflateInit2(this, -MAX_WBITS) != Z_OK) throw Error(Status::memory, "zlib has no memory");
    }
    ~Stream() { inflateEnd(this); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
  } stream;
  uint64_t read = 0, written = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const auto count = static_cast<size_t>(std::min<uint64_t>(step, entry.packed - read));
      if (count == 0) fail("the zip member is cut short");
      keraft::check(budget_.control());
      file_->read(entry.offset + read, std::span(in).first(count));
      read += count;
      stream.next_in = reinterpret_cast<Bytef*>(in.data());
      stream.avail_in = static_cast<uInt>(count);
    }
    const auto room = static_cast<size_t>(std::min<uint64_t>(size_t{1} << 30, out.size() - written));
    Bytef none = 0;
    stream.next_out = room ? reinterpret_cast<Bytef*>(out.data() + written) : &none;
    stream.avail_out = room ? static_cast<uInt>(room) : 1;
    const uInt before = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    const uint64_t made = before - stream.avail_out;
    if (made > room) fail("the zip member unpacks to more bytes than the archive says");
    written += made;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) fail("the zip member's packed bytes are damaged");
  }
  if (written != entry.size) fail("the zip member unpacks to fewer bytes than the archive says");
  return out;
}

std::string ZipReader::text(const ZipEntry& entry, uint64_t limit) const {
  if (entry.size > limit) throw Error(Status::memory, "the zip member is too large", {file_->path(), entry.offset, entry.name});
  const auto member = open(entry);
  check(entry, *member);
  budget_.bytes(entry.size);
  std::string out(static_cast<size_t>(entry.size), '\0');
  member->read(0, std::as_writable_bytes(std::span(out)));
  return out;
}

void ZipReader::check(const ZipEntry& entry, const Storage& member) const {
  uint32_t crc = 0;
  std::vector<std::byte> buffer(static_cast<size_t>(std::min<uint64_t>(step, member.size())));
  for (uint64_t at = 0; at < member.size(); at += buffer.size()) {
    keraft::check(budget_.control());
    const auto part = std::span(buffer).first(static_cast<size_t>(std::min<uint64_t>(buffer.size(), member.size() - at)));
    member.read(at, part);
    crc = crc32(crc, part);
  }
  if (crc != entry.crc) {
    throw Error(Status::format, "the zip member's checksum is wrong: the file is damaged",
                {file_->path(), entry.offset, entry.name});
  }
}

}  // namespace keraft::formats::wire
