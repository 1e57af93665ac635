#include "op_call.h"

#include <algorithm>
#include <deque>

#include "handles.h"

using namespace keraft;
using capi::guard;
using capi::need;

/// One of `shape` and `kernel` is there; `node` is what both are.
struct keraft_op_call {
  const ShapeContext& node;
  ShapeContext* shape = nullptr;
  KernelContext* kernel = nullptr;
  std::vector<Dim> unknown;                 ///< -1 - i stands for the i-th
  std::deque<std::vector<int64_t>> shapes;  ///< lent to the caller
  std::string message;

  int64_t number_of(const Dim& dim) {
    if (dim.known()) return dim.value();
    const auto at = std::find(unknown.begin(), unknown.end(), dim);
    const auto index = at - unknown.begin();
    if (at == unknown.end()) unknown.push_back(dim);
    return -1 - static_cast<int64_t>(index);
  }
  Dim dim_of(int64_t number) const {
    if (number >= 0) return number;
    const auto index = static_cast<uint64_t>(-(number + 1));
    if (index >= unknown.size()) throw Error(Status::argument, "a negative size that is not one of an input");
    return unknown[index];
  }
};

namespace {

void call_back(keraft_op_fn fn, keraft_op_call& call, void* user_data) {
  int32_t stop = 1;
  try {
    stop = fn(&call, user_data);
  } catch (...) {
    stop = 1;
  }
  if (stop == 0) return;
  if (!call.message.empty()) call.node.fail(call.message);
  throw Error(Status::cancelled, "stopped by the function of the op " + call.node.card().name(),
              Place{{}, {}, call.node.node().name});
}

}  // namespace

OpFunctions capi::op_functions(std::string op, keraft_op_fn shape, keraft_op_fn kernel, void* user_data) {
  OpFunctions out;
  out.op = std::move(op);
  if (shape) {
    out.shape = [shape, user_data](ShapeContext& s) {
      keraft_op_call call{s, &s, nullptr, {}, {}, {}};
      call_back(shape, call, user_data);
      if (s.outputs().size() < s.card().outs.size()) s.fail("its shape function sets too few outputs");
    };
  }
  if (kernel) {
    out.kernel = [kernel, user_data](KernelContext& k) {
      keraft_op_call call{k, nullptr, &k, {}, {}, {}};
      call_back(kernel, call, user_data);
      for (size_t i = 0; i < k.outputs().size(); ++i) {
        if (!k.call().out->at(i).data) k.fail("its kernel leaves output " + std::to_string(i) + " out");
      }
    };
  }
  return out;
}

extern "C" {

size_t keraft_op_call_get_input_count(const keraft_op_call* self) { return self ? self->node.inputs() : 0; }

keraft_status keraft_op_call_get_input(keraft_op_call* self, size_t index, keraft_tensor_view* out, keraft_error** error) {
  return guard(error, [&] {
    if (index >= need(self, "self").node.inputs()) capi::refuse("index past the end");
    keraft_tensor_view view = KERAFT_TENSOR_VIEW_INIT;
    view.flags = KERAFT_TENSOR_READ_ONLY;
    view.dtype = static_cast<keraft_dtype>(self->node.dtype(index));
    view.rank = -1;
    const Shape& shape = self->node.shape(index);
    if (shape.has_rank()) {
      std::vector<int64_t>& sizes = self->shapes.emplace_back();
      for (const Dim& dim : shape.dims()) sizes.push_back(self->number_of(dim));
      view.rank = static_cast<int32_t>(sizes.size());
      view.shape = sizes.empty() ? nullptr : sizes.data();
    }
    if (self->kernel) view.data = self->kernel->array(index).data.get();
    capi::fill(out, view);
  });
}

keraft_status keraft_op_call_get_number(const keraft_op_call* self, keraft_str attribute, double* out, keraft_error** error) {
  return guard(error, [&] { need(out, "out") = need(self, "self").node.real(capi::text(attribute, "attribute")); });
}

keraft_status keraft_op_call_get_integer(const keraft_op_call* self, keraft_str attribute, int64_t* out, keraft_error** error) {
  return guard(error, [&] { need(out, "out") = need(self, "self").node.integer(capi::text(attribute, "attribute")); });
}

keraft_status keraft_op_call_get_text(const keraft_op_call* self, keraft_str attribute, keraft_str* out, keraft_error** error) {
  return guard(error, [&] { need(out, "out") = capi::view(need(self, "self").node.text(capi::text(attribute, "attribute"))); });
}

keraft_status keraft_op_call_set_output(keraft_op_call* self, size_t index, keraft_dtype dtype, const int64_t* shape,
                                        int32_t rank, keraft_error** error) {
  return guard(error, [&] {
    if (!need(self, "self").shape) capi::refuse("outputs are set in shape functions");
    if (index >= self->node.card().outs.size()) capi::refuse("index past the end");
    if (rank > 64 || rank < -1) capi::refuse("rank must be -1 to 64");
    if (rank == -1) return self->shape->out(index, static_cast<DType>(dtype), Shape());
    Dims dims;
    if (rank > 0) need(shape, "shape");
    for (int32_t i = 0; i < rank; ++i) dims.push_back(self->dim_of(shape[i]));
    self->shape->out(index, static_cast<DType>(dtype), Shape(std::move(dims)));
  });
}

keraft_status keraft_op_call_get_output(keraft_op_call* self, size_t index, void** data, keraft_error** error) {
  return guard(error, [&] {
    need(data, "data") = nullptr;
    if (!need(self, "self").kernel) capi::refuse("outputs are filled in kernels");
    if (index >= self->kernel->outputs().size()) capi::refuse("index past the end");
    *data = self->kernel->result(index).data.get();
  });
}

void keraft_op_call_fail(keraft_op_call* self, keraft_str message) {
  if (!self) return;
  try {
    self->message = capi::text(message, "message");
  } catch (...) {
    self->message.clear();
  }
}

}  // extern "C"
