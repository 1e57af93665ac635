#include <charconv>

#include "base/string.h"
#include "formats/checkpoint/checkpoint.h"

namespace keraft::formats {
namespace {

std::string escaped_key(const std::string& name) {
  std::string out;
  for (const char c : name) {
    out += c;
    if (c == '\0') out += '\xFF';
    if (c == '\xFF') out += '\0';
  }
  return out + std::string("\0\1", 2);
}

std::string increasing(uint64_t value) {
  std::string digits;
  for (; value > 0; value >>= 8) digits.insert(digits.begin(), static_cast<char>(value & 0xFF));
  return std::string(1, static_cast<char>(digits.size())) + digits;
}

std::string signed_number(int64_t value) {
  if (value >= -64 && value < 64) return std::string(1, static_cast<char>((value & 0xFF) ^ 0x80));
  int bytes = 2;
  while (bytes < 8 && (value < -(int64_t{1} << (7 * bytes - 1)) || value >= (int64_t{1} << (7 * bytes - 1)))) ++bytes;
  static constexpr uint8_t heads[] = {0, 0x80, 0xC0, 0xE0, 0xF0, 0xF8, 0xFC, 0xFE, 0xFF};
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>((static_cast<uint64_t>(value) >> (8 * i)) & 0xFF);
  out[0] = static_cast<char>(static_cast<uint8_t>(out[0]) ^ heads[bytes]);
  return out;
}

std::optional<int64_t> number(const std::string& text) {
  int64_t out = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size() || out < 0) return std::nullopt;
  return out;
}

}  // namespace

std::string slice_key(const std::string& name, const std::vector<wire::Extent>& extents) {
  std::string out = increasing(0) + escaped_key(name) + increasing(extents.size());
  for (const wire::Extent& extent : extents)
    out += signed_number(extent.length < 0 ? 0 : extent.start) + signed_number(extent.length);
  return out;
}

std::optional<SliceSpec> parse_slice(const std::string& text) {
  SliceSpec out;
  const auto words = base::split(text, ' ');
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const auto size = number(words[i]);
    if (!size) return std::nullopt;
    out.dims.push_back(*size);
  }
  const auto axes = base::split(words.back(), ':');
  if (axes.size() != out.dims.size()) return std::nullopt;
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    if (axes[axis] == "-") {
      out.start.push_back(0);
      out.extent.push_back(out.dims[axis]);
      continue;
    }
    const auto pair = base::split(axes[axis], ',');
    const auto start = number(pair[0]);
    const auto length = pair.size() == 2 ? number(pair[1]) : std::nullopt;
    if (!start || !length || *start > out.dims[axis] || *length > out.dims[axis] - *start) return std::nullopt;
    out.start.push_back(*start);
    out.extent.push_back(*length);
  }
  return out;
}

}  // namespace keraft::formats
