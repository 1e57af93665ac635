#include "formats/checkpoint/table_writer.h"

#include <algorithm>

#include "formats/checkpoint/crc32c.h"
#include "formats/checkpoint/table.h"
#include "formats/wire/field.h"

namespace keraft::formats {
namespace {

constexpr size_t block_size = 262144;  // TensorFlow's; OpenVINO reads no index of several blocks
constexpr int restart_interval = 16;   // LevelDB's, which TensorFlow keeps
constexpr size_t footer_handles = 40;

std::string little(uint64_t value, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

}  // namespace

void TableWriter::Block::add(std::string_view key, std::string_view value) {
  size_t shared = 0;
  if (entries % restart_interval == 0) {
    restarts += little(bytes.size(), 4);
  } else {
    const auto apart = std::mismatch(key.begin(), key.end(), last.begin(), last.end());
    shared = static_cast<size_t>(apart.first - key.begin());
  }
  bytes += wire::varint(shared) + wire::varint(key.size() - shared) + wire::varint(value.size());
  bytes += key.substr(shared);
  bytes += value;
  last = key;
  ++entries;
}

std::string TableWriter::Block::take() {
  if (restarts.empty()) restarts = little(0, 4);
  const size_t count = restarts.size() / 4;
  std::string out = std::move(bytes) + restarts + little(count, 4);
  *this = {};
  return out;
}

std::string TableWriter::write(Block& block) {
  std::string bytes = block.take();
  const std::string where = wire::varint(file_.size()) + wire::varint(bytes.size());
  bytes += '\0';  // not compressed
  const uint32_t crc = crc32c(std::as_bytes(std::span(bytes)));
  file_.append(bytes + little(masked_crc(crc), 4));
  return where;
}

void TableWriter::add(std::string_view key, std::string_view value) {
  data_.add(key, value);
  last_ = key;
  if (data_.bytes.size() >= block_size) index_.add(last_, write(data_));
}

void TableWriter::finish() {
  if (data_.entries > 0) index_.add(last_, write(data_));
  Block none;
  std::string footer = write(none);
  footer += write(index_);
  footer.resize(footer_handles, '\0');
  file_.append(footer + little(table_magic, 8));
}

}  // namespace keraft::formats
