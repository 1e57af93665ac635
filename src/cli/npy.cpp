#include "cli/npy.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace keraft::cli {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr size_t most_header = 65536;
constexpr size_t most_rank = 32;

constexpr std::pair<std::string_view, keraft_dtype> types[] = {
    {"f4", KERAFT_DTYPE_F32}, {"f8", KERAFT_DTYPE_F64},  {"f2", KERAFT_DTYPE_F16}, {"i1", KERAFT_DTYPE_I8},
    {"i2", KERAFT_DTYPE_I16}, {"i4", KERAFT_DTYPE_I32},  {"i8", KERAFT_DTYPE_I64}, {"u1", KERAFT_DTYPE_U8},
    {"u2", KERAFT_DTYPE_U16}, {"u4", KERAFT_DTYPE_U32},  {"u8", KERAFT_DTYPE_U64}, {"b1", KERAFT_DTYPE_BOOL},
    {"c8", KERAFT_DTYPE_C64}, {"c16", KERAFT_DTYPE_C128}};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("not a readable .npy array: " + what); }

/// The text of one entry of the header's dictionary, from behind its colon.
std::string_view entry(std::string_view header, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = quote + std::string(key) + quote;
    const size_t at = header.find(quoted);
    if (at == std::string_view::npos) continue;
    if (header.find(quoted, at + 1) != std::string_view::npos) fail("two entries '" + std::string(key) + "'");
    std::string_view rest = header.substr(at + quoted.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" :"), rest.size()));
    return rest;
  }
  fail("no '" + std::string(key) + "' in the header");
}

struct Type {
  keraft_dtype dtype;
  bool big_endian;
};

Type type_of(std::string_view text) {
  if (text.size() < 4 || (text[0] != '\'' && text[0] != '"')) fail("structured types cannot be read");
  const std::string_view name = text.substr(1, text.find(text[0], 1) - 1);
  for (const auto& [known, dtype] : types) {
    if (name.size() > 1 && name.substr(1) == known && std::string_view("<>|=").find(name[0]) != std::string_view::npos) {
      return {dtype, name[0] == '>'};
    }
  }
  fail("arrays of type " + std::string(name) + " cannot be read");
}

std::vector<int64_t> shape_of(std::string_view text) {
  const size_t end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos) fail("no shape");
  std::vector<int64_t> out;
  text = text.substr(1, end - 1);
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    if (text.empty()) return out;
    int64_t size = 0;
    const auto [next, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (problem != std::errc() || size < 0 || out.size() == most_rank) fail("a size of the shape is no size");
    out.push_back(size);
    text.remove_prefix(static_cast<size_t>(next - text.data()));
  }
}

uint64_t bytes_of(const std::vector<int64_t>& shape, size_t element, uint64_t present) {
  uint64_t total = element;
  for (const int64_t size : shape) {
    if (__builtin_mul_overflow(total, static_cast<uint64_t>(size), &total)) fail("the shape is larger than the file");
  }
  if (total != present) {
    fail("the shape asks for " + std::to_string(total) + " bytes, there are " + std::to_string(present));
  }
  return total;
}

}  // namespace

keraft_tensor_view NamedArray::view() const {
  keraft_tensor_view out = KERAFT_TENSOR_VIEW_INIT;
  out.name = raii::str(name);
  out.dtype = dtype;
  out.data = bytes.data();
  out.shape = shape.data();
  out.rank = static_cast<int32_t>(shape.size());
  out.byte_strides = byte_strides.empty() ? nullptr : byte_strides.data();
  return out;
}

NamedArray parse_npy(std::string_view file) {
  if (file.substr(0, magic.size()) != magic || file.size() < 10) fail("it does not begin with NumPy's magic");
  const auto byte = [&](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(file[at])); };
  const size_t version = byte(6);
  if (version < 1 || version > 3 || (version > 1 && file.size() < 12)) fail("its version is unknown");
  const size_t start = version == 1 ? 10 : 12;
  size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > most_header || length > file.size() - start) fail("the header is cut off");
  const std::string_view header = file.substr(start, length);
  const std::string_view data = file.substr(start + length);

  NamedArray out;
  const Type type = type_of(entry(header, "descr"));
  out.dtype = type.dtype;
  out.shape = shape_of(entry(header, "shape"));
  const std::string_view order = entry(header, "fortran_order");
  const bool fortran = order.substr(0, 4) == "True";
  if (!fortran && order.substr(0, 5) != "False") fail("fortran_order is neither True nor False");
  const size_t element = keraft_dtype_get_size(out.dtype);
  bytes_of(out.shape, element, data.size());
  out.bytes = data;
  const bool complex = out.dtype == KERAFT_DTYPE_C64 || out.dtype == KERAFT_DTYPE_C128;
  const size_t unit = complex ? element / 2 : element;
  for (size_t at = 0; type.big_endian && at < out.bytes.size(); at += unit) {
    std::reverse(out.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 out.bytes.begin() + static_cast<std::ptrdiff_t>(at + unit));
  }
  if (fortran && !out.bytes.empty()) {
    auto stride = static_cast<int64_t>(element);
    for (const int64_t size : out.shape) {
      out.byte_strides.push_back(stride);
      stride *= size;
    }
  }
  return out;
}

std::string make_npy(const keraft_tensor_view& array) {
  std::string_view type;
  for (const auto& [name, dtype] : types) {
    if (dtype == array.dtype) type = name;
  }
  if (type.empty()) {
    throw std::runtime_error("NumPy has no type for " + std::string(raii::text(keraft_dtype_get_name(array.dtype))));
  }
  uint64_t bytes = keraft_dtype_get_size(array.dtype);
  std::string shape = "(";
  for (int32_t axis = 0; axis < array.rank; ++axis) {
    shape += std::to_string(array.shape[axis]) + (array.rank == 1 || axis + 1 < array.rank ? "," : "");
    if (axis + 1 < array.rank) shape += ' ';
    bytes *= static_cast<uint64_t>(array.shape[axis]);
  }
  const bool one_byte = keraft_dtype_get_size(array.dtype) == 1;
  std::string header = "{'descr': '" + std::string(one_byte ? "|" : "<") + std::string(type) +
                       "', 'fortran_order': False, 'shape': " + shape + "), }";
  while ((magic.size() + 4 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string out(magic);
  out += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  out += header;
  if (bytes) out.append(static_cast<const char*>(array.data), bytes);
  return out;
}

}  // namespace keraft::cli
