#include "formats/wire/hdf5_chunks.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

constexpr uint64_t most_ratio = 1032;  // of what deflate unpacks to what it packed

uint32_t fletcher32(std::span<const std::byte> bytes) {
  uint32_t low = 0, high = 0;
  const auto add = [&](uint32_t word) {
    low = (low + word) % 0xFFFF;
    high = (high + low) % 0xFFFF;
  };
  for (size_t i = 0; i < bytes.size(); i += 2) {
    add(static_cast<uint32_t>(bytes[i]) << 8 | (i + 1 < bytes.size() ? static_cast<uint32_t>(bytes[i + 1]) : 0));
  }
  return high << 16 | low;
}

struct Decoder {
  const Hdf5Dataset& dataset;
  uint64_t expected;  ///< bytes of a chunk
  base::Budget& budget;
  const std::string& file;
  const std::string& path;

  [[noreturn]] void fail(uint64_t at, const char* what, Status status = Status::format) const {
    throw Error(status, what, {file, at, path});
  }

  std::vector<std::byte> inflated(const std::vector<std::byte>& packed, uint64_t size, uint64_t at) const {
    if (size / most_ratio > packed.size()) fail(at, "a chunk is too short for what it should hold");
    budget.bytes(size);
    std::vector<std::byte> out(static_cast<size_t>(size));
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) fail(at, "zlib has no memory", Status::memory);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(size);
    const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0;
    inflateEnd(&stream);
    budget.release(size);
    if (!whole) fail(at, "a chunk's packed bytes are damaged");
    return out;
  }

  std::vector<std::byte> unshuffled(const std::vector<std::byte>& from) const {
    const size_t width = static_cast<size_t>(dataset.element), count = from.size() / width;
    std::vector<std::byte> out(from);
    for (size_t byte = 0; byte < width; ++byte) {
      for (size_t i = 0; i < count; ++i) out[i * width + byte] = from[byte * count + i];
    }
    return out;
  }

  std::vector<std::byte> chunk(const Hdf5Chunk& chunk, const Storage& source) const {
    if (chunk.size > UINT32_MAX) fail(chunk.at, "a chunk of an impossible size");
    std::vector<std::byte> bytes(static_cast<size_t>(chunk.size));
    source.read(chunk.at, bytes);
    if (chunk.mask >> dataset.filters.size() != 0) fail(chunk.at, "a chunk went round a filter that there is not");
    for (size_t i = dataset.filters.size(); i-- > 0;) {
      const Hdf5Filter& filter = dataset.filters[i];
      const bool left_out = chunk.mask >> i & 1;
      if (left_out && filter.id != hdf5_deflate) {
        fail(chunk.at, "a chunk that is not filtered as its dataset; save the model again with Keras", Status::unsupported);
      }
      if (left_out) continue;
      if (filter.id == hdf5_fletcher32) {
        if (bytes.size() < 4) fail(chunk.at, "a chunk without its checksum");
        const auto tail = std::span(bytes).last(4);
        uint32_t stored = 0;
        for (size_t b = 0; b < 4; ++b) stored |= static_cast<uint32_t>(tail[b]) << (8 * b);
        bytes.resize(bytes.size() - 4);
        if (fletcher32(bytes) != stored) fail(chunk.at, "a chunk's checksum is wrong");
      } else if (filter.id == hdf5_deflate) {
        const bool summed = std::any_of(dataset.filters.begin(), dataset.filters.begin() + static_cast<ptrdiff_t>(i),
                                        [](const Hdf5Filter& before) { return before.id == hdf5_fletcher32; });
        bytes = inflated(bytes, expected + (summed ? 4 : 0), chunk.at);
      } else if (filter.values != std::vector{static_cast<uint32_t>(dataset.element)}) {
        fail(chunk.at, "a chunk that is shuffled as another type");
      } else {
        bytes = unshuffled(bytes);
      }
    }
    if (bytes.size() != expected) fail(chunk.at, "a chunk of another size than its dataset says");
    return bytes;
  }
};

}  // namespace

std::vector<std::byte> load_chunks(const Hdf5Dataset& dataset, uint64_t size, const Storage& source, base::Budget& budget,
                                   const std::string& file, const std::string& path) {
  Decoder decoder{dataset, dataset.element, budget, file, path};
  const size_t rank = dataset.dims.size();
  uint64_t count = 1;
  for (size_t i = 0; i < rank; ++i) {
    decoder.expected *= dataset.chunk[i];  // checked with the structure: below 4 GiB
    count *= (dataset.dims[i] - 1) / dataset.chunk[i] + 1;
  }
  if (dataset.chunks.size() != count) decoder.fail(0, "the dataset's elements are not all stored");
  // Nothing is allocated for bytes that the file does not have. Small tensors may lie in a chunk that is larger than they are.
  if (decoder.expected / 2 > size + (1u << 20)) {
    decoder.fail(dataset.chunks[0].at, "a dataset's chunks are far larger than the dataset", Status::memory);
  }
  uint64_t stored = 0;
  for (const Hdf5Chunk& chunk : dataset.chunks) stored += chunk.size;
  if (size / most_ratio > stored) decoder.fail(dataset.chunks[0].at, "the dataset's elements are not all stored");
  budget.bytes(size);
  std::vector<std::byte> out(static_cast<size_t>(size));
  budget.bytes(decoder.expected);
  std::vector<uint64_t> start(rank, 0), extent(rank), row(rank, 0);
  for (const Hdf5Chunk& chunk : dataset.chunks) {
    const std::vector<std::byte> bytes = decoder.chunk(chunk, source);
    for (size_t i = 0; i < rank; ++i) extent[i] = std::min(dataset.chunk[i], dataset.dims[i] - start[i]);
    // Row by row along the last axis.
    std::fill(row.begin(), row.end(), 0);
    for (bool more = true; more;) {
      uint64_t from = 0, to = 0;
      for (size_t i = 0; i < rank; ++i) {
        from = from * dataset.chunk[i] + row[i];
        to = to * dataset.dims[i] + start[i] + row[i];
      }
      std::memcpy(out.data() + to * dataset.element, bytes.data() + from * dataset.element, extent[rank - 1] * dataset.element);
      more = false;
      for (size_t i = rank - 1; i-- > 0 && !more;) {
        more = ++row[i] < extent[i];
        if (!more) row[i] = 0;
      }
    }
    bool moved = false;
    for (size_t i = rank; i-- > 0 && !moved;) {
      start[i] += dataset.chunk[i];
      moved = start[i] < dataset.dims[i];
      if (!moved) start[i] = 0;
    }
  }
  budget.release(decoder.expected);
  return out;
}

}  // namespace keraft::formats::wire
