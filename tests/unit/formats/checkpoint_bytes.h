// A checkpoint writer for tests, with the oddities that readers must bear.
#pragma once

#include <algorithm>
#include <map>

#include "formats/checkpoint/checkpoint.h"
#include "formats/checkpoint/crc32c.h"
#include "wire_bytes.h"

namespace bytes {

class CheckpointWriter {
 public:
  explicit CheckpointWriter(int shards) : data_(static_cast<size_t>(shards)) {}
  bool compressed = false, big_endian = false;
  size_t entries_in_block = 100;

  void add(const std::string& key, int dtype, const std::vector<int64_t>& dims, const std::string& contents, size_t shard) {
    put(key, dtype, dims, contents, shard, sum(contents));
  }
  void add_strings(const std::string& key, const std::vector<int64_t>& dims, const std::vector<std::string>& values) {
    std::string lengths, fed, all;
    for (const std::string& value : values) {
      lengths += varint(value.size());
      fed += little(static_cast<uint32_t>(value.size()));
      all += value;
    }
    const std::string check = little(sum(fed));
    put(key, 7, dims, lengths + check + all, 0, sum(fed + check + all));
  }
  void add_sliced(const std::string& key, int dtype, const std::vector<int64_t>& dims,
                  const std::vector<std::vector<keraft::formats::wire::Extent>>& slices) {
    std::string entry = number(1, static_cast<uint64_t>(dtype)) + text(2, shape(dims));
    for (const auto& slice : slices) {
      std::string extents;
      for (const auto& extent : slice)
        extents += text(1, number(1, static_cast<uint64_t>(extent.start)) +
                               (extent.length < 0 ? "" : number(2, static_cast<uint64_t>(extent.length))));
      entry += text(7, extents);
    }
    entries_[key] = entry;
  }
  void write(const std::string& prefix) {
    entries_[""] = number(1, data_.size()) + (big_endian ? number(2, 1) : "") + text(3, number(1, 1));
    std::string file, index;
    std::vector<std::pair<std::string, std::string>> block;
    const auto flush = [&] {
      if (block.empty()) return;
      index += entry("", block.back().first, handle(file, contents(block)));
      block.clear();
    };
    for (const auto& one : entries_) {
      block.push_back(one);
      if (block.size() == entries_in_block) flush();
    }
    flush();
    const std::string meta = handle(file, std::string("\0\0\0\0\1\0\0\0", 8));
    const std::string top = handle(file, index + std::string("\0\0\0\0\1\0\0\0", 8));
    std::string footer = meta + top;
    footer.resize(40);
    file += footer + std::string("\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
    std::ofstream(prefix + ".index", std::ios::binary) << file;
    for (size_t i = 0; i < data_.size(); ++i) {
      char suffix[40];
      std::snprintf(suffix, sizeof suffix, ".data-%05zu-of-%05zu", i, data_.size());
      std::ofstream(prefix + suffix, std::ios::binary) << data_[i];
    }
  }

 private:
  static uint32_t sum(const std::string& bytes) {
    return keraft::formats::masked_crc(keraft::formats::crc32c(std::as_bytes(std::span(bytes))));
  }
  static std::string little(uint32_t value) { return fixed32(1, value).substr(1); }
  static std::string entry(const std::string& before, const std::string& key, const std::string& value) {
    const auto shared =
        static_cast<size_t>(std::mismatch(before.begin(), before.end(), key.begin(), key.end()).first - before.begin());
    return varint(shared) + varint(key.size() - shared) + varint(value.size()) + key.substr(shared) + value;
  }
  static std::string contents(const std::vector<std::pair<std::string, std::string>>& block) {
    std::string out, before;
    for (const auto& [key, value] : block) {
      out += entry(before, key, value);
      before = key;
    }
    return out + std::string("\0\0\0\0\1\0\0\0", 8);
  }
  /// Appends a block and gives its handle. Compression is a literal, which every decoder must take.
  std::string handle(std::string& file, std::string block) const {
    if (compressed) {
      std::string literal = varint(block.size());
      for (size_t at = 0; at < block.size(); at += 60) {
        const std::string piece = block.substr(at, 60);
        literal += static_cast<char>((piece.size() - 1) << 2);
        literal += piece;
      }
      block = literal;
    }
    const std::string out = varint(file.size()) + varint(block.size());
    block += static_cast<char>(compressed ? 1 : 0);
    file += block + little(sum(block));
    return out;
  }
  void put(const std::string& key, int dtype, const std::vector<int64_t>& dims, const std::string& contents, size_t shard,
           uint32_t crc) {
    entries_[key] = number(1, static_cast<uint64_t>(dtype)) + text(2, shape(dims)) + number(3, shard) +
                    number(4, data_[shard].size()) + number(5, contents.size()) + fixed32(6, crc);
    data_[shard] += contents;
  }

  std::map<std::string, std::string> entries_;
  std::vector<std::string> data_;
};

}  // namespace bytes
