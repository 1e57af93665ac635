#include "formats/python/npz_read.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <string_view>

#include "base/checked.h"
#include "base/file.h"
#include "base/storage.h"
#include "base/string.h"
#include "formats/python/npy_types.h"
#include "formats/wire/zip_reader.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr size_t most_header = 65536, most_rank = 32;

class ArrayReader {
 public:
  ArrayReader(std::shared_ptr<const Storage> bytes, Place place) : bytes_(std::move(bytes)), place_(std::move(place)) {}

  Tensor read() const {
    std::string head = text(0, 12);
    if (!head.starts_with(magic)) fail("no array of numpy: it does not begin with numpy's magic");
    const auto byte = [&](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(head[at])); };
    const size_t version = byte(6);
    if (version < 1 || version > 3) fail("an array of an unknown version of numpy's format");
    const size_t start = version == 1 ? 10 : 12;
    size_t length = byte(8) | byte(9) << 8;
    if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
    if (length > most_header) fail("the array's header is too long");
    const std::string header = text(start, length);

    const std::string_view type = quoted(entry(header, "descr"));
    const auto known = std::find_if(std::begin(npy_types), std::end(npy_types), [&](const auto& one) {
      return type.size() > 1 && type.substr(1) == one.first && std::string_view("<>|=").find(type[0]) != std::string_view::npos;
    });
    if (known == std::end(npy_types))
      fail("an array of type " + base::escaped(type) + ", which no weight has", Status::unsupported);
    const std::string_view order = entry(header, "fortran_order");
    const bool fortran = order.starts_with("True");
    if (!fortran && !order.starts_with("False")) fail("the array's fortran_order is neither True nor False");

    Tensor out{known->second, dims(entry(header, "shape")), nullptr, nullptr};
    const size_t width = size_of(out.dtype);
    const auto size = base::mul(static_cast<uint64_t>(element_count(out.dims)), static_cast<uint64_t>(width));
    if (!size || *size != bytes_->size() - start - length) {
      fail("the array's sizes ask for " + (size ? std::to_string(*size) : "too many") + " bytes, there are " +
           std::to_string(bytes_->size() - start - length));
    }
    out.storage = base::range(bytes_, start + length, *size);
    const bool pairs = out.dtype == DType::c64 || out.dtype == DType::c128;
    if (type[0] == '>' && width > 1) out.storage = base::swapped(std::move(out.storage), pairs ? width / 2 : width);
    if (!fortran || out.dims.size() < 2) return out;
    std::reverse(out.dims.begin(), out.dims.end());
    std::vector<size_t> back(out.dims.size());
    std::iota(back.rbegin(), back.rend(), size_t{0});
    return transposed(out, back);
  }

 private:
  [[noreturn]] void fail(const std::string& what, Status status = Status::format) const { throw Error(status, what, place_); }

  std::string text(uint64_t offset, size_t size) const {
    if (offset > bytes_->size() || size > bytes_->size() - offset) fail("the array is cut short");
    std::string out(size, '\0');
    bytes_->read(offset, std::as_writable_bytes(std::span(out)));
    return out;
  }

  /// What stands behind the key of the header's dictionary.
  std::string_view entry(std::string_view header, const std::string& key) const {
    for (const char quote : {'\'', '"'}) {
      const std::string quoted_key = quote + key + quote;
      const size_t at = header.find(quoted_key);
      if (at == std::string_view::npos) continue;
      if (header.find(quoted_key, at + 1) != std::string_view::npos) fail("the array's header has two entries " + key);
      std::string_view rest = header.substr(at + quoted_key.size());
      rest.remove_prefix(std::min(rest.find_first_not_of(" :"), rest.size()));
      return rest;
    }
    fail("the array's header has no entry " + key);
  }

  std::string_view quoted(std::string_view text) const {
    if (text.empty() || (text[0] != '\'' && text[0] != '"'))
      fail("a structured array, which no weight is", Status::unsupported);
    const size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos) fail("the array's header is cut short");
    return text.substr(1, end - 1);
  }

  std::vector<int64_t> dims(std::string_view text) const {
    const size_t end = text.find(')');
    if (text.empty() || text[0] != '(' || end == std::string_view::npos) fail("the array's header has no shape");
    std::vector<int64_t> out;
    for (text = text.substr(1, end - 1);;) {
      text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
      if (text.empty()) return out;
      int64_t size = 0;
      const auto [next, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
      if (problem != std::errc() || size < 0 || out.size() == most_rank) fail("a size of the array is no size");
      out.push_back(size);
      text.remove_prefix(static_cast<size_t>(next - text.data()));
    }
  }

  std::shared_ptr<const Storage> bytes_;
  Place place_;
};

}  // namespace

bool is_npz(const std::string& path, base::Budget& budget) {
  const wire::ZipReader zip(base::File::open(path), budget);
  return !zip.entries().empty() &&
         std::all_of(zip.entries().begin(), zip.entries().end(), [](const auto& one) { return one.name.ends_with(".npy"); });
}

std::vector<std::pair<std::string, Tensor>> read_npz(const std::string& path, base::Budget& budget) {
  const wire::ZipReader zip(base::File::open(path), budget);
  std::vector<std::pair<std::string, Tensor>> out;
  for (const wire::ZipEntry& entry : zip.entries()) {
    const auto member = zip.open(entry);
    zip.check(entry, *member);
    out.emplace_back(entry.name.substr(0, entry.name.size() - 4), ArrayReader(member, {path, {}, entry.name}).read());
  }
  return out;
}

}  // namespace keraft::formats
