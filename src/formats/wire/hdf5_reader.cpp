#include "formats/wire/hdf5_reader.h"

#include <algorithm>
#include <map>

#include "base/checked.h"
#include "base/storage.h"
#include "base/string.h"
#include "formats/wire/hdf5_check.h"
#include "formats/wire/hdf5_chunks.h"
#include "formats/wire/hdf5_driver.h"
#include "formats/wire/hdf5_range.h"
#include "formats/wire/hdf5_types.h"
#include "keraft/error.hpp"

namespace keraft::formats::wire {
namespace {

#if H5_VERSION_GE(1, 12, 0)
using ObjectInfo = H5O_info1_t;
#else
using ObjectInfo = H5O_info_t;
#endif

}  // namespace

struct Hdf5Reader::State {
  State(base::Budget& counted, std::string path) : budget(counted), place(std::move(path)) {}

  base::Budget& budget;
  std::string place;
  std::unique_ptr<Hdf5Checked> checked;  // outlives the file
  Hdf5Bytes bytes;
  std::unique_ptr<Hdf5Driver> driver;
  Id file;

  [[noreturn]] void fail(const std::string& path, const std::string& what, Status status = Status::format) const {
    bytes.rethrow();
    throw Error(status, what, {place, {}, path});
  }

  /// The groups on the way to what was opened last: the next path usually shares most of it.
  struct Step {
    std::string name;
    Id group;
  };
  std::vector<Step> way;

  /// Leads `way` to the group that holds the last name of `path`; false when something is missing. Only hard links are
  /// followed.
  bool walk(const std::string& path, const std::vector<std::string>& names) {
    size_t common = 0;
    while (common < way.size() && common + 1 < names.size() && way[common].name == names[common]) ++common;
    way.resize(common);
    for (size_t i = common; i < names.size(); ++i) {
      const std::string& name = names[i];
      if (name.empty() || name == "." || name == "..") fail(path, "not a path inside an HDF5 file");
      H5L_info_t info;
      if (H5Lget_info(here(), name.c_str(), &info, H5P_DEFAULT) < 0) {
        bytes.rethrow();
        return false;
      }
      if (info.type != H5L_TYPE_HARD) fail(path, "a link to another place or file; Keras writes none, and none is followed");
      if (i + 1 == names.size()) return true;
      Id group(H5Oopen(here(), name.c_str(), H5P_DEFAULT), H5Oclose);
      if (!group) fail(path, "cannot be opened: the HDF5 file is damaged");
      if (H5Iget_type(group.get()) != H5I_GROUP) return false;
      way.push_back({name, std::move(group)});
    }
    return true;
  }
  hid_t here() const { return way.empty() ? file.get() : way.back().group.get(); }

  static std::vector<std::string> names_of(const std::string& path) {
    return path.empty() || path == "/" ? std::vector<std::string>() : base::split(std::string_view(path).substr(1), '/');
  }

  bool has(const std::string& path) { return walk(path, names_of(path)); }

  Id open(const std::string& path) {
    const std::vector<std::string> names = names_of(path);
    if (!walk(path, names)) fail(path, "missing in the HDF5 file");
    Id object(names.empty() ? H5Oopen(file.get(), "/", H5P_DEFAULT) : H5Oopen(here(), names.back().c_str(), H5P_DEFAULT),
              H5Oclose);
    if (!object) fail(path, "cannot be opened: the HDF5 file is damaged");
    return object;
  }

  const Hdf5Dataset& stored(hid_t dataset, const std::string& path) {
    ObjectInfo info;
    if (H5Oget_info2(dataset, &info, H5O_INFO_BASIC) < 0) fail(path, "the dataset cannot be read: the HDF5 file is damaged");
    const auto found = checked->datasets.find(info.addr);
    if (found == checked->datasets.end()) fail(path, "libhdf5 and keraft disagree about it");
    return found->second;
  }

  /// The attribute's strings; nothing when absent.
  std::optional<std::vector<std::string>> strings(hid_t object, const std::string& path, const std::string& name) {
    if (H5Aexists(object, name.c_str()) <= 0) {
      bytes.rethrow();
      return std::nullopt;
    }
    const std::string where = path + "@" + name;
    const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Id type(H5Aget_type(attribute.get()), H5Tclose), space(H5Aget_space(attribute.get()), H5Sclose);
    if (!attribute || !type || !space) fail(where, "the attribute cannot be read: the HDF5 file is damaged");
    const hssize_t count = H5Sget_simple_extent_npoints(space.get());
    if (count < 0) fail(where, "the attribute cannot be read: the HDF5 file is damaged");
    if (count == 0) return std::vector<std::string>();
    if (H5Tget_class(type.get()) != H5T_STRING) fail(where, "the attribute is not text");
    const auto elements = static_cast<uint64_t>(count);
    const uint64_t width = H5Tget_size(type.get());
    const auto needed = base::mul(elements, width);
    if (!needed || *needed > checked->snapshot.size()) fail(where, "the attribute claims more bytes than the file has");
    budget.bytes(*needed + elements * sizeof(std::string));
    std::vector<std::string> out(elements);
    if (H5Tis_variable_str(type.get()) > 0) {
      std::vector<char*> pointers(elements, nullptr);
      if (H5Aread(attribute.get(), type.get(), pointers.data()) < 0)
        fail(where, "the attribute cannot be read: the HDF5 file is damaged");
      for (size_t i = 0; i < out.size(); ++i) {
        if (pointers[i]) out[i] = pointers[i];
      }
      H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data());
      for (const std::string& value : out) budget.bytes(value.size());
    } else {
      std::string packed(static_cast<size_t>(*needed), '\0');
      if (H5Aread(attribute.get(), type.get(), packed.data()) < 0)
        fail(where, "the attribute cannot be read: the HDF5 file is damaged");
      const bool spaces = H5Tget_strpad(type.get()) == H5T_STR_SPACEPAD;
      for (size_t i = 0; i < out.size(); ++i) {
        std::string_view value(packed.data() + i * width, width);
        if (!spaces) value = value.substr(0, value.find('\0'));
        while (spaces && value.ends_with(' ')) value.remove_suffix(1);
        out[i] = value;
      }
    }
    return out;
  }
};

Hdf5Reader::Hdf5Reader(std::shared_ptr<const Storage> source, std::string place, base::Budget& budget)
    : state_(std::make_unique<State>(budget, std::move(place))) {
  state_->checked = check_hdf5(std::move(source), state_->place, budget);
  const Hdf5Guard guard;
  // What was opened so far must be closed inside the guard when the rest fails.
  try {
    state_->bytes.checked = &state_->checked->snapshot;
    state_->driver = std::make_unique<Hdf5Driver>(&state_->bytes);
    state_->file = Id(H5Fopen("keraft", H5F_ACC_RDONLY, state_->driver->access()), H5Fclose);
    if (!state_->file) state_->fail({}, "not a readable HDF5 file: truncated, damaged or of another kind");
  } catch (...) {
    state_.reset();
    throw;
  }
}

Hdf5Reader::~Hdf5Reader() {
  const Hdf5Guard guard;
  state_.reset();
}

bool Hdf5Reader::has(const std::string& path) {
  const Hdf5Guard guard;
  return state_->has(path);
}

std::vector<std::string> Hdf5Reader::children(const std::string& path) {
  const Hdf5Guard guard;
  if (!state_->has(path)) return {};
  const Id object = state_->open(path);
  if (H5Iget_type(object.get()) != H5I_GROUP) return {};
  struct Walk {
    std::vector<std::string> names;
    base::Budget* budget;
    std::exception_ptr error;
  } walk{{}, &state_->budget, {}};
  const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    auto& out = *static_cast<Walk*>(data);
    try {
      out.budget->bytes(sizeof(std::string) + std::char_traits<char>::length(name));
      out.names.emplace_back(name);
      return 0;
    } catch (...) {
      out.error = std::current_exception();
      return -1;
    }
  };
  const herr_t status = H5Literate(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &walk);
  if (walk.error) std::rethrow_exception(walk.error);
  if (status < 0) state_->fail(path, "the group cannot be read: the HDF5 file is damaged");
  return std::move(walk.names);
}

std::optional<std::string> Hdf5Reader::text(const std::string& path, const std::string& name) {
  const Hdf5Guard guard;
  const Id object = state_->open(path);
  auto values = state_->strings(object.get(), path, name);
  if (!values) return std::nullopt;
  if (values->size() != 1) state_->fail(path + "@" + name, "the attribute is not one text");
  return std::move(values->front());
}

std::optional<std::vector<std::string>> Hdf5Reader::texts(const std::string& path, const std::string& name) {
  const Hdf5Guard guard;
  const Id object = state_->open(path);
  auto whole = state_->strings(object.get(), path, name);
  std::optional<std::vector<std::string>> joined;
  for (size_t part = 0;; ++part) {
    auto values = state_->strings(object.get(), path, name + std::to_string(part));
    if (!values) break;
    if (!joined) joined.emplace();
    joined->insert(joined->end(), std::make_move_iterator(values->begin()), std::make_move_iterator(values->end()));
  }
  if (whole && joined) state_->fail(path + "@" + name, "the attribute is there both whole and in parts");
  return whole ? std::move(whole) : std::move(joined);
}

Tensor Hdf5Reader::tensor(const std::string& path) {
  const Hdf5Guard guard;
  State& state = *state_;
  const Id dataset = state.open(path);
  if (H5Iget_type(dataset.get()) != H5I_DATASET) state.fail(path, "not a dataset");
  const Id type(H5Dget_type(dataset.get()), H5Tclose), space(H5Dget_space(dataset.get()), H5Sclose);
  if (!type || !space) state.fail(path, "the dataset cannot be read: the HDF5 file is damaged");

  const auto marked = state.strings(dataset.get(), path, "dtype");
  const ElementType element = element_type_of(type.get(), marked && marked->size() == 1 ? marked->front() : std::string());
  if (element.dtype == DType::invalid) {
    state.fail(path, "a dataset of an element type that no Keras weight has", Status::unsupported);
  }
  Tensor out;
  out.dtype = element.dtype;
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0 || H5Sget_simple_extent_type(space.get()) == H5S_NULL) state.fail(path, "a dataset without a size");
  std::vector<hsize_t> dims(static_cast<size_t>(rank));
  H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr);
  for (const hsize_t dim : dims) {
    if (dim > static_cast<hsize_t>(INT64_MAX)) state.fail(path, "a dataset's size overflows");
    out.dims.push_back(static_cast<int64_t>(dim));
  }
  const auto size = base::mul(static_cast<uint64_t>(element_count(out.dims)), static_cast<uint64_t>(size_of(out.dtype)));
  if (!size) state.fail(path, "a dataset's size overflows");
  if (*size == 0) {
    out.storage = base::memory({});
    return out;
  }
  const Hdf5Dataset& stored = state.stored(dataset.get(), path);
  if (!std::equal(dims.begin(), dims.end(), stored.dims.begin(), stored.dims.end()) || stored.element != size_of(out.dtype))
    state.fail(path, "libhdf5 and keraft disagree about it");
  const auto& source = state.checked->snapshot.source();
  if (stored.layout == Hdf5Dataset::Layout::chunked)
    out.storage = base::memory(load_chunks(stored, *size, *source, state.budget, state.place, path));
  else if (stored.at == UINT64_MAX)
    state.fail(path, "the dataset's elements are not all stored");
  else
    out.storage = part_of(source, stored.at, *size);
  if (element.swapped) out.storage = base::swapped(out.storage, size_of(out.dtype));
  return out;
}

}  // namespace keraft::formats::wire
