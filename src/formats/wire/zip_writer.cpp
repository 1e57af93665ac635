#include "formats/wire/zip_writer.h"

#include "formats/wire/crc32.h"
#include "formats/wire/zip_directory.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

constexpr uint16_t midnight = 0, first_of_january_1980 = 0x0021;
constexpr uint16_t plain_version = 20, wide_version = 45;

class Record {
 public:
  Record& u16(uint64_t value) { return put(value, 2); }
  Record& u32(uint64_t value) { return put(value, 4); }
  Record& u64(uint64_t value) { return put(value, 8); }
  Record& text(std::string_view value) {
    bytes_ += value;
    return *this;
  }
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  Record& put(uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xFF);
    return *this;
  }
  std::string bytes_;
};

}  // namespace

void ZipWriter::header(const ZipEntry& entry, uint64_t at, bool wide) {
  Record record;
  record.u32(zip_local).u16(wide ? wide_version : plain_version).u16(0).u16(0).u16(midnight).u16(first_of_january_1980);
  record.u32(entry.crc).u32(wide ? zip_full32 : entry.packed).u32(wide ? zip_full32 : entry.size);
  record.u16(entry.name.size()).u16(wide ? 20 : 0).text(entry.name);
  if (wide) record.u16(zip64_extra).u16(16).u64(entry.size).u64(entry.packed);
  file_.write(at, std::as_bytes(std::span(record.bytes())));
}

void ZipWriter::member(const std::string& name, std::string_view bytes) {
  begin(name, false);
  file_.append(bytes);
  end(bytes.size(), crc32(0, std::as_bytes(std::span(bytes))));
}

uint64_t ZipWriter::begin(const std::string& name, bool wide) {
  const uint64_t at = file_.size();
  ZipEntry entry;
  entry.name = name;
  header(entry, at, wide);
  entry.offset = file_.size();
  members_.push_back({entry, at, wide});
  return entry.offset;
}

void ZipWriter::end(uint64_t size, uint32_t crc) {
  Member& member = members_.back();
  if (member.entry.offset + size != file_.size())
    throw Error(Status::internal, "a zip member's size is wrong", {{}, {}, member.entry.name});
  if (!member.wide && size >= zip_full32)
    throw Error(Status::internal, "a zip member grew past 4 GiB", {{}, {}, member.entry.name});
  member.entry.packed = member.entry.size = size;
  member.entry.crc = crc;
  header(member.entry, member.header, member.wide);
}

void ZipWriter::finish() {
  const uint64_t start = file_.size();
  Record directory;
  for (const Member& member : members_) {
    const ZipEntry& entry = member.entry;
    const bool wide = member.wide || member.header >= zip_full32;
    directory.u32(zip_central).u16(wide ? wide_version : plain_version).u16(wide ? wide_version : plain_version).u16(0).u16(0);
    directory.u16(midnight).u16(first_of_january_1980).u32(entry.crc);
    directory.u32(wide ? zip_full32 : entry.packed).u32(wide ? zip_full32 : entry.size);
    directory.u16(entry.name.size()).u16(wide ? 28 : 0).u16(0).u16(0).u16(0).u32(0).u32(wide ? zip_full32 : member.header);
    directory.text(entry.name);
    if (wide) directory.u16(zip64_extra).u16(24).u64(entry.size).u64(entry.packed).u64(member.header);
  }
  file_.append(directory.bytes());
  const uint64_t size = directory.bytes().size();
  Record end;
  const bool wide = start >= zip_full32;
  if (wide) {
    end.u32(zip64_end).u64(44).u16(wide_version).u16(wide_version).u32(0).u32(0).u64(members_.size()).u64(members_.size());
    end.u64(size).u64(start);
    end.u32(zip64_locator).u32(0).u64(start + size).u32(1);
  }
  end.u32(zip_end).u16(0).u16(0).u16(members_.size()).u16(members_.size()).u32(size).u32(wide ? zip_full32 : start).u16(0);
  file_.append(end.bytes());
}

}  // namespace keraft::formats::wire
