#include "cli/npz.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <stdexcept>

namespace keraft::cli {
namespace {

constexpr uint32_t local_magic = 0x04034b50, central_magic = 0x02014b50, end_magic = 0x06054b50;
constexpr size_t local_size = 30, central_size = 46, end_size = 22;
// Deflate cannot do better.
constexpr uint64_t most_ratio = 1032;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("not a readable .npz archive: " + what); }

uint32_t number(std::string_view bytes, size_t at, size_t width) {
  if (at > bytes.size() || bytes.size() - at < width) fail("it is cut off");
  uint32_t out = 0;
  for (size_t i = width; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

std::string_view part(std::string_view bytes, size_t at, size_t size) {
  if (at > bytes.size() || size > bytes.size() - at) fail("it is cut off");
  return bytes.substr(at, size);
}

uint32_t crc(std::string_view bytes) {
  uLong sum = crc32(0, nullptr, 0);
  for (size_t at = 0; at < bytes.size();) {
    const size_t some = std::min<size_t>(bytes.size() - at, size_t{1} << 30);
    sum = crc32(sum, reinterpret_cast<const Bytef*>(bytes.data() + at), static_cast<uInt>(some));
    at += some;
  }
  return static_cast<uint32_t>(sum);
}

std::string inflated(std::string_view packed, uint32_t size) {
  if (size / most_ratio > packed.size()) fail("a size in it is not possible");
  std::string out(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = size;
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  if (!whole) fail("its compressed data is damaged");
  return out;
}

size_t find_end(std::string_view file) {
  if (file.size() < end_size) fail("it is cut off");
  const size_t last = file.size() - end_size;
  for (size_t at = last;; --at) {
    if (number(file, at, 4) == end_magic && number(file, at + 20, 2) == last - at) return at;
    if (at == 0 || last - at > 65535) fail("it has no directory");
  }
}

/// The bytes of the member whose directory entry is at `at`.
std::string member(std::string_view file, size_t at) {
  const uint32_t method = number(file, at + 10, 2), sum = number(file, at + 16, 4);
  const uint32_t packed = number(file, at + 20, 4), size = number(file, at + 24, 4), local = number(file, at + 42, 4);
  if (number(file, at + 8, 2) & 1) fail("it is encrypted");
  if (packed == UINT32_MAX || size == UINT32_MAX || local == UINT32_MAX) fail("members over 4 GiB cannot be read");
  if (number(file, local, 4) != local_magic) fail("its directory is wrong");
  const size_t data = local + local_size + number(file, local + 26, 2) + number(file, local + 28, 2);
  const std::string_view bytes = part(file, data, packed);
  if (method != 0 && method != 8) fail("a member is compressed in a way that cannot be read");
  if (method == 0 && packed != size) fail("its sizes disagree");
  std::string out = method == 0 ? std::string(bytes) : inflated(bytes, size);
  if (crc(out) != sum) fail("a checksum is wrong");
  return out;
}

void put(std::string& out, uint64_t value, int width) {
  for (int i = 0; i < width; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
}

}  // namespace

std::vector<NamedArray> parse_npz(std::string_view file, uint64_t limit) {
  const size_t end = find_end(file);
  const uint32_t count = number(file, end + 10, 2);
  size_t at = number(file, end + 16, 4);
  std::vector<NamedArray> out;
  std::set<std::string> names;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (number(file, at, 4) != central_magic) fail("its directory is wrong");
    const uint32_t name_size = number(file, at + 28, 2);
    std::string name(part(file, at + central_size, name_size));
    if (name.size() < 5 || name.substr(name.size() - 4) != ".npy") fail("it holds something else than arrays");
    name.resize(name.size() - 4);
    if (!names.insert(name).second) fail("two arrays of one name");
    total += number(file, at + 24, 4);
    if (total > limit) throw std::runtime_error("its arrays are over the limit of " + std::to_string(limit) + " bytes");
    out.push_back(parse_npy(member(file, at)));
    out.back().name = std::move(name);
    at += central_size + name_size + number(file, at + 30, 2) + number(file, at + 32, 2);
  }
  return out;
}

std::string make_npz(const std::vector<keraft_tensor_view>& arrays) {
  std::string out, directory;
  for (const keraft_tensor_view& array : arrays) {
    const std::string bytes = make_npy(array);
    const std::string name = std::string(raii::text(array.name)) + ".npy";
    if (name.size() > 65535 || out.size() + bytes.size() > UINT32_MAX - (uint64_t{1} << 20)) {
      throw std::runtime_error("the arrays are over 4 GiB: fetch fewer at a time");
    }
    std::string common;
    put(common, 20, 2);      // version
    put(common, 0x0800, 2);  // names in UTF-8
    put(common, 0, 2);       // stored
    put(common, 0, 2);       // time
    put(common, 0x21, 2);    // 1980-01-01
    put(common, crc(bytes), 4);
    put(common, bytes.size(), 4);
    put(common, bytes.size(), 4);
    put(common, name.size(), 2);
    put(common, 0, 2);
    put(directory, central_magic, 4);
    put(directory, 20, 2);
    directory += common;
    put(directory, 0, 10);  // comment, disk, attributes
    put(directory, out.size(), 4);
    directory += name;
    put(out, local_magic, 4);
    out += common + name + bytes;
  }
  const size_t start = out.size();
  out += directory;
  put(out, end_magic, 4);
  put(out, 0, 4);
  put(out, arrays.size(), 2);
  put(out, arrays.size(), 2);
  put(out, directory.size(), 4);
  put(out, start, 4);
  put(out, 0, 2);
  return out;
}

std::string read_file(const std::string& path, uint64_t limit) {
  const auto refuse = [&](const char* what) -> void { throw std::runtime_error(path + ": " + what); };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) refuse(std::strerror(errno));
  struct Close {
    int fd;
    ~Close() { ::close(fd); }
  } close{fd};
  struct stat found {};
  if (::fstat(fd, &found) != 0) refuse(std::strerror(errno));
  if (!S_ISREG(found.st_mode)) refuse("is no regular file");
  if (static_cast<uint64_t>(found.st_size) > limit) refuse("is over the limit of memory");
  std::string out(static_cast<size_t>(found.st_size), '\0');
  for (size_t at = 0; at < out.size();) {
    const ssize_t got = ::read(fd, out.data() + at, out.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) refuse(got < 0 ? std::strerror(errno) : "shrank while it was read");
    at += static_cast<size_t>(got);
  }
  return out;
}

std::vector<NamedArray> read_arrays(const std::string& path, uint64_t limit) {
  const std::string file = read_file(path, limit);
  try {
    if (file.substr(0, 2) == "PK") return parse_npz(file, limit);
    std::vector<NamedArray> out;
    out.push_back(parse_npy(file));
    return out;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

}  // namespace keraft::cli
