#include "formats/keras/stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "formats/wire/crc32.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr size_t step = size_t{512} << 10;
constexpr uint64_t flush_step = uint64_t{8} << 20;

[[noreturn]] void fail(int code) { throw Error(Status::io, "cannot write: " + std::generic_category().message(code)); }

uint32_t crc_of_written(const base::AtomicFile& file, uint64_t begin, uint64_t end, std::span<std::byte> buffer, uint32_t crc) {
  while (begin < end) {
    const size_t count = static_cast<size_t>(std::min<uint64_t>(buffer.size(), end - begin));
    const ssize_t got = ::pread(file.descriptor(), buffer.data(), count, static_cast<off_t>(begin));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(errno);
    if (got == 0)
      throw Error(Status::internal, "the written file is shorter than its structure says", {file.temporary(), begin, {}});
    crc = wire::crc32(crc, buffer.first(static_cast<size_t>(got)));
    begin += static_cast<uint64_t>(got);
  }
  return crc;
}

void reserve(const base::AtomicFile& file, uint64_t end) {
  if (::fallocate(file.descriptor(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(end)) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) fail(errno);
}

}  // namespace

uint32_t stream_weights(base::AtomicFile& file, std::vector<Placed>& weights, uint64_t begin, uint64_t end,
                        const Control& control) {
  std::sort(weights.begin(), weights.end(), [](const Placed& a, const Placed& b) { return a.offset < b.offset; });
  reserve(file, end);
  if (file.size() < end) {
    const std::byte zero{};
    file.write(end - 1, {&zero, 1});
  }
  std::vector<std::byte> buffer(step);
  uint32_t crc = 0;
  uint64_t at = begin, flushed = begin;
  for (Placed& weight : weights) {
    const uint64_t size = weight.tensor->bytes();
    if (size == 0) continue;
    if (weight.offset < at || weight.offset + size > end)
      throw Error(Status::internal, "two weights share a place in the file");
    const Storage* storage = weight.tensor->storage.get();
    if (!storage || storage->size() != size) throw Error(Status::internal, "a weight's bytes do not fit its sizes");
    crc = crc_of_written(file, at, weight.offset, buffer, crc);
    const std::span<const std::byte> whole = storage->in_memory();
    for (uint64_t done = 0; done < size;) {
      check(control);
      const size_t count = static_cast<size_t>(std::min<uint64_t>(step, size - done));
      std::span<const std::byte> part;
      if (whole.empty()) {
        storage->read(done, std::span(buffer).first(count));
        part = std::span(buffer).first(count);
      } else {
        part = whole.subspan(static_cast<size_t>(done), count);
      }
      file.write(weight.offset + done, part);
      weight.crc = wire::crc32(weight.crc, part);
      done += count;
      // The disk works while the rest is being copied, so that the final fsync has little left to wait for.
      if (weight.offset + done - flushed >= flush_step) {
        ::sync_file_range(file.descriptor(), static_cast<off_t>(flushed), static_cast<off_t>(weight.offset + done - flushed),
                          SYNC_FILE_RANGE_WRITE);
        flushed = weight.offset + done;
      }
      if (control.progress) {
        control.progress("write", static_cast<double>(weight.offset + done - begin) / static_cast<double>(end - begin));
      }
    }
    crc = wire::crc32_joined(crc, weight.crc, size);
    at = weight.offset + size;
  }
  crc = crc_of_written(file, at, end, buffer, crc);
  ::sync_file_range(file.descriptor(), static_cast<off_t>(flushed), 0, SYNC_FILE_RANGE_WRITE);
  return crc;
}

void compare_weight(const Placed& wanted, const Tensor& written, const std::string& name, const Control& control) {
  const auto differs = [&](const char* what) {
    throw Error(Status::internal, std::string("the file read back differs from what was written: ") + what, {{}, {}, name});
  };
  if (wanted.tensor->dtype != written.dtype) differs("element type");
  if (wanted.tensor->dims != written.dims) differs("sizes");
  const uint64_t size = written.bytes();
  std::vector<std::byte> buffer(static_cast<size_t>(std::min<uint64_t>(size, step)));
  uint32_t crc = 0;
  for (uint64_t at = 0; at < size; at += buffer.size()) {
    check(control);
    const auto part = std::span(buffer).first(static_cast<size_t>(std::min<uint64_t>(buffer.size(), size - at)));
    written.storage->read(at, part);
    crc = wire::crc32(crc, part);
  }
  if (crc != wanted.crc) differs("contents");
}

}  // namespace keraft::formats
