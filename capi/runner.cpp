#include <algorithm>
#include <map>

#include "handles.h"

using namespace keraft;
using capi::guard;
using capi::need;

namespace {

/// Copies the elements in row-major order, whatever the strides.
void gather(const keraft_tensor_view& from, const std::vector<int64_t>& dims, size_t element, std::byte* to) {
  const auto* base = static_cast<const std::byte*>(from.data);
  std::vector<int64_t> index(dims.size(), 0);
  for (int64_t left = element_count(dims); left > 0; --left) {
    int64_t offset = 0;
    for (size_t axis = 0; axis < dims.size(); ++axis) offset += index[axis] * from.byte_strides[axis];
    std::memcpy(to, base + offset, element);
    to += element;
    for (size_t axis = dims.size(); axis-- > 0;) {
      if (++index[axis] < dims[axis]) break;
      index[axis] = 0;
    }
  }
}

Array array_of(const keraft_tensor_view& view, const std::string& name) {
  const auto fail = [&](const char* what) -> void { throw Error(Status::argument, what, {{}, {}, name}); };
  const auto dtype = static_cast<DType>(view.dtype);
  const size_t element = size_of(dtype);
  if (element == 0) fail("has elements without a fixed size");
  if (view.rank < 0 || view.rank > 64 || (view.rank > 0 && !view.shape)) fail("has no shape");
  const std::vector<int64_t> dims(view.shape, view.shape + view.rank);
  for (const int64_t size : dims) {
    if (size < 0) fail("has a negative size");
  }
  const int64_t elements = element_count(dims);
  if (elements > 0 && !view.data) fail("has no data");
  Array out = make_array(dtype, dims);
  if (elements == 0) return out;
  if (view.byte_strides) {
    gather(view, dims, element, out.data.get());
  } else {
    std::memcpy(out.data.get(), view.data, out.bytes());
  }
  return out;
}

}  // namespace

extern "C" {

keraft_status keraft_runner_create(const keraft_context* context, const keraft_model* model, keraft_runner** out,
                                   keraft_error** error) {
  return guard(error, [&] {
    need(out, "out") = nullptr;
    std::vector<std::string> outputs;
    for (const Port& port : need(model, "model").model.graph.outputs) outputs.push_back(port.name);
    *out = new keraft_runner{Runner(model->model, capi::control_of(context)), std::move(outputs)};
  });
}

void keraft_runner_destroy(keraft_runner* self) { delete self; }

keraft_status keraft_runner_run(keraft_runner* self, const keraft_tensor_view* inputs, size_t input_count,
                                const keraft_str* fetch, size_t fetch_count, keraft_arrays** out, keraft_error** error) {
  return guard(error, [&] {
    need(out, "out") = nullptr;
    need(self, "self");
    if (input_count) need(inputs, "inputs");
    std::map<std::string, Array> given;
    for (size_t i = 0; i < input_count; ++i) {
      if (inputs[i].struct_size != sizeof(keraft_tensor_view)) capi::refuse("struct_size of an input is not set");
      const std::string name = capi::text(inputs[i].name, "name of an input");
      if (!given.emplace(name, array_of(inputs[i], name)).second) {
        throw Error(Status::argument, "is given twice", {{}, {}, name});
      }
    }
    const std::vector<std::string> names = capi::texts(fetch, fetch_count, "fetch");
    auto results = self->runner.run(given, names);
    auto made = std::make_unique<keraft_arrays>();
    for (const std::string& name : names.empty() ? self->outputs : names) {
      const auto at = results.find(name);
      if (at == results.end()) throw Error(Status::internal, "was not computed", {{}, {}, name});
      made->arrays.emplace_back(name, at->second);
    }
    *out = made.release();
  });
}

void keraft_arrays_destroy(keraft_arrays* self) { delete self; }
size_t keraft_arrays_get_count(const keraft_arrays* self) { return self ? self->arrays.size() : 0; }

keraft_status keraft_arrays_get_view(const keraft_arrays* self, size_t index, keraft_tensor_view* out, keraft_error** error) {
  return guard(error, [&] {
    if (index >= need(self, "self").arrays.size()) capi::refuse("index past the end");
    const auto& [name, array] = self->arrays[index];
    keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
    view.flags = KERAFT_TENSOR_READ_ONLY;
    view.data = array.data.get();
    view.shape = array.dims.empty() ? nullptr : array.dims.data();
    view.name = capi::view(name);
    view.rank = static_cast<int32_t>(array.dims.size());
    view.dtype = static_cast<keraft_dtype>(array.dtype);
    capi::fill(out, view);
  });
}

}  // extern "C"
