#include "formats/checkpoint/write.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>

#include "base/append.h"
#include "formats/checkpoint/crc32c.h"
#include "formats/checkpoint/table_writer.h"
#include "formats/wire/field.h"
#include "formats/wire/print_meta.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string little_endian(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

/// The lengths, their checksum, the strings; returns the checksum of all, in which lengths are not as they are written.
uint32_t append_strings(base::AtomicFile& file, const std::vector<std::string>& strings) {
  std::string lengths;
  uint32_t crc = 0;
  for (const std::string& text : strings) {
    lengths += wire::varint(text.size());
    crc = crc32c(bytes(little_endian(text.size(), text.size() > UINT32_MAX ? 8 : 4)), crc);
  }
  const std::string of_lengths = little_endian(masked_crc(crc), 4);
  crc = crc32c(bytes(of_lengths), crc);
  file.append(lengths + of_lengths);
  for (const std::string& text : strings) {
    file.append(text);
    crc = crc32c(bytes(text), crc);
  }
  return crc;
}

}  // namespace

void write_checkpoint(std::vector<Saved> tensors, const std::string& prefix, const Control& control) {
  std::vector<std::pair<std::string, const Tensor*>> keys;
  for (Saved& one : tensors) {
    keys.emplace_back(std::move(one.key), &one.value);
    if (!one.object_key.empty()) keys.emplace_back(std::move(one.object_key), &one.value);
  }
  std::sort(keys.begin(), keys.end());
  std::map<const Tensor*, wire::BundleEntry> written;
  base::AtomicFile data(prefix + ".data-00000-of-00001"), index(prefix + ".index");
  TableWriter table(index);
  table.add({}, wire::print_bundle_header());
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto& [key, tensor] = keys[i];
    const Tensor& value = *tensor;
    if (i > 0 && keys[i - 1].first == key)
      throw Error(Status::internal, "two tensors of one name for a checkpoint", {prefix, {}, key});
    if (const auto before = written.find(tensor); before != written.end()) {
      table.add(key, wire::print_bundle_entry(before->second));
      continue;
    }
    wire::BundleEntry entry{value.dtype, value.dims, 0, static_cast<int64_t>(data.size()), 0, 0, {}};
    uint32_t crc = 0;
    if (value.strings)
      crc = append_strings(data, *value.strings);
    else if (value.storage)
      base::append(data, value, control, [&](std::span<const std::byte> part) { crc = crc32c(part, crc); });
    entry.size = static_cast<int64_t>(data.size()) - entry.offset;
    entry.crc = masked_crc(crc);
    table.add(key, wire::print_bundle_entry(entry));
    written.emplace(tensor, std::move(entry));
  }
  table.finish();
  data.commit();
  index.commit();
}

}  // namespace keraft::formats
