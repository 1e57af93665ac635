#include "formats/wire/hdf5_driver.h"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

#include "base/checked.h"

namespace keraft::formats::wire {
namespace {

struct Info {
  Hdf5Bytes* bytes;
};

struct OpenFile {
  H5FD_t base;  // must come first: libhdf5 casts
  Hdf5Bytes* bytes;
  haddr_t end_of_allocation;
};

OpenFile& self(H5FD_t* file) { return *reinterpret_cast<OpenFile*>(file); }
const OpenFile& self(const H5FD_t* file) { return *reinterpret_cast<const OpenFile*>(file); }

/// libhdf5 reads structure again that it has written. What it has allocated and not written yet is zero.
void read_back(const base::AtomicFile& file, uint64_t offset, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::pread(file.descriptor(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error(Status::io, "cannot read what was written: " + std::generic_category().message(errno),
                  {file.temporary(), offset, {}});
    }
    if (got == 0) return std::fill(out.begin(), out.end(), std::byte{0});
    out = out.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
}

template <class Body>
herr_t guarded(Hdf5Bytes& bytes, Body body) noexcept {
  try {
    body();
    return 0;
  } catch (...) {
    if (!bytes.error) bytes.error = std::current_exception();
    return -1;
  }
}

extern "C" {

static H5FD_t* open_file(const char*, unsigned, hid_t access, haddr_t) {
  const auto* info = static_cast<const Info*>(H5Pget_driver_info(access));
  if (!info) return nullptr;
  auto* file = new (std::nothrow) OpenFile{{}, info->bytes, 0};
  return file ? &file->base : nullptr;
}

static herr_t close_file(H5FD_t* file) {
  delete &self(file);
  return 0;
}

static herr_t query(const H5FD_t*, unsigned long* flags) {
  if (flags) *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t) { return self(file).end_of_allocation; }

static herr_t set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  self(file).end_of_allocation = address;
  return 0;
}

static haddr_t get_eof(const H5FD_t* file, H5FD_mem_t) {
  const Hdf5Bytes& bytes = *self(file).bytes;
  return bytes.checked ? bytes.checked->size() : bytes.end;
}

static herr_t read_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* buffer) {
  Hdf5Bytes& bytes = *self(file).bytes;
  const auto end = base::add<uint64_t>(address, size);
  if (!end || *end > (bytes.checked ? bytes.checked->size() : self(file).end_of_allocation)) return -1;
  const std::span<std::byte> out(static_cast<std::byte*>(buffer), size);
  return guarded(bytes, [&] {
    if (bytes.checked)
      bytes.checked->serve(address, out);
    else
      read_back(*bytes.target, bytes.base + address, out);
  });
}

static herr_t write_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, const void* buffer) {
  Hdf5Bytes& bytes = *self(file).bytes;
  if (!bytes.target) return -1;
  return guarded(bytes, [&] {
    bytes.target->write(bytes.base + address, {static_cast<const std::byte*>(buffer), size});
    bytes.end = std::max<uint64_t>(bytes.end, address + size);
  });
}

static herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
  OpenFile& mine = self(file);
  if (mine.bytes->target) mine.bytes->end = mine.end_of_allocation;
  return 0;
}

}  // extern "C"

H5FD_class_t description() {
  H5FD_class_t out{};
#if H5_VERSION_GE(1, 13, 0)
  out.version = H5FD_CLASS_VERSION;
  out.value = static_cast<H5FD_class_value_t>(600);  // from the range that HDF5 leaves to others
#endif
  out.name = "keraft";
  out.maxaddr = static_cast<haddr_t>(INT64_MAX);
  out.fc_degree = H5F_CLOSE_STRONG;
  out.fapl_size = sizeof(Info);
  out.open = open_file;
  out.close = close_file;
  out.query = query;
  out.get_eoa = get_eoa;
  out.set_eoa = set_eoa;
  out.get_eof = get_eof;
  out.read = read_bytes;
  out.write = write_bytes;
  out.truncate = truncate;
  const H5FD_mem_t map[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), std::begin(out.fl_map));
  return out;
}

constexpr size_t cache_size = size_t{1} << 20;      // bytes of headers and groups
constexpr size_t largest_cache = size_t{32} << 20;  // where one group has more than that

}  // namespace

Hdf5Driver::Hdf5Driver(Hdf5Bytes* bytes) {
  static const H5FD_class_t driver = description();
  const Info info{bytes};
  driver_ = Id(H5FDregister(&driver), H5FDunregister);
  access_ = Id(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  if (!driver_ || H5Pset_driver(access_.get(), driver_.get(), &info) < 0) {
    throw Error(Status::internal, "libhdf5 does not accept keraft's file driver");
  }
  // Each header is read once: what libhdf5 keeps decoded, ten times the size that it counts, is of little use.
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  if (H5Pget_mdc_config(access_.get(), &cache) < 0) return;
  cache.set_initial_size = true;
  cache.initial_size = cache.min_size = cache_size;
  cache.max_size = largest_cache;
  cache.incr_mode = H5C_incr__off;
  // The names of a group are one entry, which every look for a name reads.
  cache.flash_incr_mode = H5C_flash_incr__add_space;
  cache.flash_multiple = 1;
  cache.flash_threshold = 0.25;
  cache.decr_mode = H5C_decr__off;
  H5Pset_mdc_config(access_.get(), &cache);
}

}  // namespace keraft::formats::wire
