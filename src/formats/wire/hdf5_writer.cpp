#include "formats/wire/hdf5_writer.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/string.h"
#include "formats/wire/hdf5_driver.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

/// Keras' own bound for one attribute; a header message ends at 64 KiB.
constexpr size_t attribute_limit = 64512;

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw Error(Status::internal, std::string("libhdf5 cannot create ") + what, {{}, {}, path});
}

Id string_type(size_t size) {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), size);
  if (size != H5T_VARIABLE) H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  return type;
}

/// Sizes in bits: the whole, the exponent.
Id float_type(size_t bits, size_t exponent) {
  Id type(H5Tcopy(H5T_IEEE_F64LE), H5Tclose);
  H5Tset_fields(type.get(), bits - 1, bits - 1 - exponent, exponent, 0, bits - 1 - exponent);
  H5Tset_precision(type.get(), bits);
  H5Tset_size(type.get(), bits / 8);
  H5Tset_ebias(type.get(), (size_t{1} << (exponent - 1)) - 1);
  return type;
}

Id copy(hid_t type) { return Id(H5Tcopy(type), H5Tclose); }

Id element_type(DType dtype, const std::string& path) {
  switch (dtype) {
    case DType::f32:
      return copy(H5T_IEEE_F32LE);
    case DType::f64:
      return copy(H5T_IEEE_F64LE);
    case DType::f16:
      return float_type(16, 5);
    case DType::bf16:
      return copy(H5T_STD_U16LE);  // as Keras does: with the attribute dtype="bfloat16"
    case DType::i8:
      return copy(H5T_STD_I8LE);
    case DType::i16:
      return copy(H5T_STD_I16LE);
    case DType::i32:
      return copy(H5T_STD_I32LE);
    case DType::i64:
      return copy(H5T_STD_I64LE);
    case DType::u8:
      return copy(H5T_STD_U8LE);
    case DType::u16:
      return copy(H5T_STD_U16LE);
    case DType::u32:
      return copy(H5T_STD_U32LE);
    case DType::u64:
      return copy(H5T_STD_U64LE);
    case DType::boolean: {
      Id type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
      const char no = 0, yes = 1;
      H5Tenum_insert(type.get(), "FALSE", &no);
      H5Tenum_insert(type.get(), "TRUE", &yes);
      return type;
    }
    default:
      break;
  }
  throw Error(Status::unsupported, "weights of type " + std::string(name_of(dtype)) + " cannot be written to HDF5",
              {{}, {}, path});
}

/// libhdf5 makes room for a dataset when its first element is written. Room that it makes with the dataset would lie between
/// the dataset's header and the node of the group that names it; who reads the file in one direction (Keras does, from within a
/// zip) would go back for each.
void make_room(hid_t dataset, hid_t space, hid_t type, size_t rank) {
  const std::array<std::byte, 8> element{};
  const hsize_t one = 1;
  const Id memory(H5Screate_simple(1, &one, nullptr), H5Sclose), file(H5Scopy(space), H5Sclose);
  const std::vector<hsize_t> at(rank, 0);
  if (rank > 0) H5Sselect_elements(file.get(), H5S_SELECT_SET, 1, at.data());
  H5Dwrite(dataset, type, memory.get(), file.get(), H5P_DEFAULT, element.data());
}

}  // namespace

struct Hdf5Writer::State {
  Hdf5Bytes bytes;
  std::unique_ptr<Hdf5Driver> driver;
  Id file, layout;
  std::map<std::string, Id, std::less<>> groups;

  /// The error of the file system when there was one, else that of libhdf5.
  [[noreturn]] void failed(const std::string& path, const char* what) const {
    bytes.rethrow();
    fail(path, what);
  }

  hid_t group(const std::string& path) {
    if (path.empty() || path == "/") return file.get();
    if (const auto at = groups.find(path); at != groups.end()) return at->second.get();
    const size_t slash = path.rfind('/');
    const hid_t parent = group(path.substr(0, slash));
    Id properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_obj_track_times(properties.get(), false);
    Id made(H5Gcreate2(parent, path.substr(slash + 1).c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Gclose);
    if (!made) failed(path, "a group");
    return groups.emplace(path, std::move(made)).first->second.get();
  }

  void attribute(hid_t object, const std::string& path, const std::string& name, hid_t type, hid_t space, const void* data) {
    Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (!attribute || H5Awrite(attribute.get(), type, data) < 0) failed(path, "an attribute");
  }
};

Hdf5Writer::Hdf5Writer(base::AtomicFile& target, uint64_t base) : state_(std::make_unique<State>()) {
  const Hdf5Guard guard;
  state_->bytes.target = &target;
  state_->bytes.base = base;
  state_->driver = std::make_unique<Hdf5Driver>(&state_->bytes);
  // What belongs together lies together: no blocks that collect small things of one kind.
  H5Pset_meta_block_size(state_->driver->access(), 0);
  H5Pset_small_data_block_size(state_->driver->access(), 0);
  Id create(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_obj_track_times(create.get(), false);
  state_->file = Id(H5Fcreate("keraft", H5F_ACC_TRUNC, create.get(), state_->driver->access()), H5Fclose);
  if (!state_->file) state_->failed("/", "a file");
  state_->layout = Id(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_layout(state_->layout.get(), H5D_CONTIGUOUS);
  H5Pset_alloc_time(state_->layout.get(), H5D_ALLOC_TIME_LATE);
  H5Pset_fill_time(state_->layout.get(), H5D_FILL_TIME_NEVER);
  H5Pset_obj_track_times(state_->layout.get(), false);
}

Hdf5Writer::~Hdf5Writer() {
  const Hdf5Guard guard;
  state_.reset();
}

void Hdf5Writer::group(const std::string& path) {
  const Hdf5Guard guard;
  state_->group(path);
}

void Hdf5Writer::text(const std::string& path, const char* name, const std::string& value) {
  const Hdf5Guard guard;
  const Id space(H5Screate(H5S_SCALAR), H5Sclose);
  const hid_t group = state_->group(path);
  if (value.size() > attribute_limit) {
    const char* pointer = value.c_str();
    state_->attribute(group, path, name, string_type(H5T_VARIABLE).get(), space.get(), &pointer);
  } else {
    state_->attribute(group, path, name, string_type(std::max<size_t>(value.size(), 1)).get(), space.get(), value.c_str());
  }
}

void Hdf5Writer::texts(const std::string& path, const char* name, const std::vector<std::string>& values) {
  const Hdf5Guard guard;
  const hid_t group = state_->group(path);
  if (values.empty()) {
    const hsize_t none = 0;
    const Id space(H5Screate_simple(1, &none, nullptr), H5Sclose);
    state_->attribute(group, path, name, H5T_IEEE_F64LE, space.get(), &none);  // what h5py makes of an empty list
    return;
  }
  size_t width = 1;
  for (const std::string& value : values) width = std::max(width, value.size());
  if (width > attribute_limit) throw Error(Status::unsupported, "a name is too long for HDF5", {{}, {}, path});
  // As numpy.array_split: the first (count % parts) parts get one element more.
  const size_t count = values.size();
  size_t parts = 1;
  while ((count + parts - 1) / parts * width > attribute_limit) ++parts;
  const Id type = string_type(width);
  size_t at = 0;
  for (size_t part = 0; part < parts; ++part) {
    const hsize_t size = count / parts + (part < count % parts ? 1 : 0);
    std::string packed(size * width, '\0');
    for (size_t i = 0; i < size; ++i) values[at + i].copy(packed.data() + i * width, width);
    at += size;
    const Id space(H5Screate_simple(1, &size, nullptr), H5Sclose);
    const std::string full = parts == 1 ? name : name + std::to_string(part);
    state_->attribute(group, path, full, type.get(), space.get(), packed.data());
  }
}

uint64_t Hdf5Writer::dataset(const std::string& path, DType dtype, const std::vector<int64_t>& dims) {
  const Hdf5Guard guard;
  const size_t slash = path.rfind('/');
  const hid_t group = state_->group(path.substr(0, slash));
  const std::vector<hsize_t> sizes(dims.begin(), dims.end());
  const Id space(
      sizes.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
      H5Sclose);
  const Id type = element_type(dtype, path);
  const Id made(H5Dcreate2(group, path.substr(slash + 1).c_str(), type.get(), space.get(), H5P_DEFAULT, state_->layout.get(),
                           H5P_DEFAULT),
                H5Dclose);
  if (!made) state_->failed(path, "a dataset");
  if (dtype == DType::bf16) {
    const Id scalar(H5Screate(H5S_SCALAR), H5Sclose);
    state_->attribute(made.get(), path, "dtype", string_type(8).get(), scalar.get(), "bfloat16");
  }
  if (element_count(dims) == 0) return state_->bytes.base;
  make_room(made.get(), space.get(), type.get(), sizes.size());
  const haddr_t offset = H5Dget_offset(made.get());
  if (offset == HADDR_UNDEF) state_->failed(path, "room for a dataset");
  return state_->bytes.base + offset;
}

void Hdf5Writer::link(const std::string& existing, const std::string& path) {
  const Hdf5Guard guard;
  const size_t slash = path.rfind('/');
  const hid_t parent = state_->group(path.substr(0, slash));
  if (H5Lcreate_hard(state_->file.get(), existing.c_str(), parent, path.substr(slash + 1).c_str(), H5P_DEFAULT, H5P_DEFAULT) <
      0) {
    state_->failed(path, "a link");
  }
}

uint64_t Hdf5Writer::finish() {
  const Hdf5Guard guard;
  state_->groups.clear();
  state_->layout.reset();
  const herr_t closed = H5Fflush(state_->file.get(), H5F_SCOPE_LOCAL);
  state_->file.reset();
  if (closed < 0 || state_->bytes.error) state_->failed("/", "the file's structure");
  return state_->bytes.end;
}

}  // namespace keraft::formats::wire
