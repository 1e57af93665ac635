#include "handles.h"

using namespace keraft;
using capi::guard;
using capi::need;

namespace {

/// What a view keeps alive.
struct Held {
  Tensor tensor;
  std::vector<std::byte> copy;
  std::string name;
};

void release(keraft_tensor_view* self) {
  delete static_cast<Held*>(self->private_data);
  self->private_data = nullptr;
  self->data = nullptr;
  self->release = nullptr;
}

void lend(const Tensor& tensor, const std::string& name, keraft_tensor_view* out) {
  if (size_of(tensor.dtype) == 0) {
    throw Error(Status::unsupported, "has elements without a fixed size", {{}, {}, name});
  }
  auto held = std::make_unique<Held>(Held{tensor, {}, name});
  keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
  view.flags = KERAFT_TENSOR_READ_ONLY;
  const auto bytes = tensor.storage ? tensor.storage->in_memory() : std::span<const std::byte>();
  if (bytes.size() >= tensor.bytes() && !bytes.empty()) {
    view.data = bytes.data();
  } else {
    held->copy = tensor.load();
    view.data = held->copy.data();
    view.flags |= KERAFT_TENSOR_IS_COPY;
  }
  view.shape = held->tensor.dims.empty() ? nullptr : held->tensor.dims.data();
  view.name = capi::view(held->name);
  view.rank = static_cast<int32_t>(held->tensor.dims.size());
  view.dtype = static_cast<keraft_dtype>(tensor.dtype);
  view.release = release;
  view.private_data = held.get();
  // A caller that knows fewer members could not release the view.
  if (need(out, "out").struct_size < sizeof(keraft_tensor_view)) capi::refuse("struct_size of the view is too small");
  capi::fill(out, view);
  held.release();
}

}  // namespace

extern "C" {

size_t keraft_model_get_weight_count(const keraft_model* self) { return self ? self->model.graph.weights.size() : 0; }

keraft_status keraft_model_load_weight(const keraft_model* self, size_t index, keraft_tensor_view* out, keraft_error** error) {
  return guard(error, [&] {
    const std::vector<Weight>& weights = need(self, "self").model.graph.weights;
    if (index >= weights.size()) capi::refuse("index past the end");
    lend(weights[index].value, weights[index].name, out);
  });
}

keraft_status keraft_model_load_slot(const keraft_model* self, size_t layer, size_t slot, keraft_tensor_view* out,
                                     keraft_error** error) {
  return guard(error, [&] {
    const std::vector<Layer>& layers = need(self, "self").model.graph.layers;
    if (layer >= layers.size() || slot >= layers[layer].slots.size()) capi::refuse("index past the end");
    const Slot& found = layers[layer].slots[slot];
    lend(found.value, found.name, out);
  });
}

size_t keraft_dtype_get_size(keraft_dtype dtype) { return size_of(static_cast<DType>(dtype)); }
keraft_str keraft_dtype_get_name(keraft_dtype dtype) { return capi::view(name_of(static_cast<DType>(dtype))); }

}  // extern "C"
