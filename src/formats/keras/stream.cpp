#include "formats/keras/stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <system_error>
#include <thread>

#include "formats/wire/crc32.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr size_t step = size_t{512} << 10;          // stays in the second cache between reading and writing
constexpr uint64_t piece_size = uint64_t{4} << 20;  // what one thread takes
constexpr uint64_t flush_step = uint64_t{8} << 20;  // what a thread writes before the disk is told to begin
constexpr uint64_t worth_a_thread = uint64_t{8} << 20;

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

/// A part of a tensor, and the CRC-32 of its bytes.
struct Piece {
  size_t tensor;
  uint64_t begin, size;
  uint32_t crc = 0;
};

void cut(std::vector<Piece>& pieces, size_t tensor, uint64_t size) {
  for (uint64_t at = 0; at < size; at += piece_size) pieces.push_back({tensor, at, std::min(piece_size, size - at)});
}

/// Calls work(piece, buffer) for every piece, on this thread and, where that pays, on another. Progress is told and the wish to
/// stop is asked on this thread only.
template <class Work>
void for_pieces(std::vector<Piece>& pieces, const Control& control, std::string_view stage, Work work) {
  uint64_t total = 0;
  for (const Piece& piece : pieces) total += piece.size;
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> done{0};
  const auto take = [&](auto between) {
    std::vector<std::byte> buffer(static_cast<size_t>(std::min<uint64_t>(total, step)));
    for (size_t i = next++; i < pieces.size() && !stop; i = next++) {
      between();
      work(pieces[i], std::span(buffer));
      done += pieces[i].size;
    }
  };
  std::exception_ptr failure;
  std::thread helper;
  if (control.threads != 1 && total >= worth_a_thread && std::thread::hardware_concurrency() > 1) {
    helper = std::thread([&] {
      try {
        take([] {});
      } catch (...) {
        failure = std::current_exception();
        stop = true;
      }
    });
  }
  try {
    take([&] {
      check(control);
      if (control.progress) control.progress(stage, static_cast<double>(done) / static_cast<double>(total));
    });
  } catch (...) {
    stop = true;
    if (helper.joinable()) helper.join();
    throw;
  }
  if (helper.joinable()) helper.join();
  if (failure) std::rethrow_exception(failure);
}

/// Calls part(bytes, offset) for the bytes of a piece, a buffer at a time.
template <class Part>
void for_bytes(const Storage& storage, Piece& piece, std::span<std::byte> buffer, Part part) {
  const std::span<const std::byte> whole = storage.in_memory();
  for (uint64_t done = 0; done < piece.size;) {
    const uint64_t at = piece.begin + done;
    const auto count = static_cast<size_t>(std::min<uint64_t>(buffer.size(), piece.size - done));
    if (whole.empty()) storage.read(at, buffer.first(count));
    const std::span<const std::byte> bytes =
        whole.empty() ? buffer.first(count) : whole.subspan(static_cast<size_t>(at), count);
    part(bytes, at);
    piece.crc = wire::crc32(piece.crc, bytes);
    done += count;
  }
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
  std::vector<Piece> pieces;
  uint64_t at = begin;
  for (size_t i = 0; i < weights.size(); ++i) {
    const uint64_t size = weights[i].tensor->bytes();
    if (size == 0) continue;
    if (weights[i].offset < at || weights[i].offset + size > end)
      throw Error(Status::internal, "two weights share a place in the file");
    const Storage* storage = weights[i].tensor->storage.get();
    if (!storage || storage->size() != size) throw Error(Status::internal, "a weight's bytes do not fit its sizes");
    cut(pieces, i, size);
    at = weights[i].offset + size;
  }
  std::atomic<uint64_t> written{0};
  for_pieces(pieces, control, "write", [&](Piece& piece, std::span<std::byte> buffer) {
    const Placed& weight = weights[piece.tensor];
    for_bytes(*weight.tensor->storage, piece, buffer,
              [&](std::span<const std::byte> bytes, uint64_t offset) { file.overwrite(weight.offset + offset, bytes); });
    // The disk works while the rest is being copied, so that the final fsync has little left to wait for.
    const uint64_t before = written.fetch_add(piece.size);
    if (before / flush_step != (before + piece.size) / flush_step)
      ::sync_file_range(file.descriptor(), static_cast<off_t>(begin), 0, SYNC_FILE_RANGE_WRITE);
  });
  std::vector<std::byte> buffer(step);
  uint32_t crc = 0;
  at = begin;
  for (const Piece& piece : pieces) {
    Placed& weight = weights[piece.tensor];
    crc = crc_of_written(file, at, weight.offset + piece.begin, buffer, crc);
    crc = wire::crc32_joined(crc, piece.crc, piece.size);
    weight.crc = piece.begin == 0 ? piece.crc : wire::crc32_joined(weight.crc, piece.crc, piece.size);
    at = weight.offset + piece.begin + piece.size;
  }
  crc = crc_of_written(file, at, end, buffer, crc);
  ::sync_file_range(file.descriptor(), static_cast<off_t>(begin), 0, SYNC_FILE_RANGE_WRITE);
  return crc;
}

Contents contents(const Placed& streamed) { return {streamed.tensor->dtype, streamed.crc, Shape::of(streamed.tensor->dims)}; }

void compare_weights(const std::vector<Comparison>& comparisons, const Control& control) {
  const auto differs = [](const Comparison& one, const char* what) {
    throw Error(Status::internal, std::string("the file read back differs from what was written: ") + what, {{}, {}, one.name});
  };
  std::vector<Piece> pieces;
  for (size_t i = 0; i < comparisons.size(); ++i) {
    const Comparison& one = comparisons[i];
    if (one.wanted->dtype != one.written->dtype) differs(one, "element type");
    if (one.wanted->sizes != Shape::of(one.written->dims)) differs(one, "sizes");
    cut(pieces, i, one.written->bytes());
  }
  for_pieces(pieces, control, "read back", [&](Piece& piece, std::span<std::byte> buffer) {
    for_bytes(*comparisons[piece.tensor].written->storage, piece, buffer, [](std::span<const std::byte>, uint64_t) {});
  });
  std::vector<uint32_t> found(comparisons.size(), 0);
  for (const Piece& piece : pieces) found[piece.tensor] = wire::crc32_joined(found[piece.tensor], piece.crc, piece.size);
  for (size_t i = 0; i < comparisons.size(); ++i) {
    if (found[i] != comparisons[i].wanted->crc) differs(comparisons[i], "contents");
  }
}

}  // namespace keraft::formats
