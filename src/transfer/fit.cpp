#include "transfer/fit.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/string.h"
#include "keraft/error.hpp"

namespace keraft::transfer {
namespace {

// Their kernels have outputs and inputs as the two axes that are not of space, in either order: [O, I, …] of a convolution is
// [I, O, …] of its transpose, and Keras swaps these too.
constexpr std::array<std::string_view, 7> turned = {"Dense",           "Conv1D",          "Conv2D",         "Conv3D",
                                                    "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"};

/// [O, I, H, W] → [H, W, I, O]
std::vector<size_t> outputs_last(size_t rank) {
  std::vector<size_t> out(rank);
  std::iota(out.begin(), out.end(), size_t{2});
  out[rank - 2] = 1;
  out[rank - 1] = 0;
  return out;
}

bool is_kernel(const SlotPlace& place) { return place.own.ends_with("kernel") && place.dims.size() > 1; }

}  // namespace

std::string described(DType dtype, const std::vector<int64_t>& dims) {
  std::string out(name_of(dtype));
  out += " [";
  for (size_t i = 0; i < dims.size(); ++i) out += (i ? ", " : "") + std::to_string(dims[i]);
  return out + "]";
}

std::optional<Fitted> fit(const Tensor& value, const SlotPlace& place, KernelLayout layout) {
  Fitted out{value, {}};
  if (layout == KernelLayout::output_first && is_kernel(place) && value.dims.size() == place.dims.size()) {
    if (std::find(turned.begin(), turned.end(), place.cls) == turned.end())
      throw Error(Status::unsupported, "no layout with the outputs first is known for kernels of " + base::escaped(place.cls),
                  {{}, {}, place.name()});
    out.value = transposed(value, outputs_last(value.dims.size()));
    out.changed = described(value.dtype, value.dims) + " had its outputs first; its axes are turned";
  }
  if (out.value.dims != place.dims) return std::nullopt;
  if (out.value.dtype == place.dtype) return out;
  const bool half = value.dtype == DType::f16 || value.dtype == DType::bf16;
  if (!half || place.dtype != DType::f32) return std::nullopt;
  out.value = widened(out.value);
  out.changed += (out.changed.empty() ? "" : "; ") + std::string(name_of(value.dtype)) + " is widened to float32";
  return out;
}

}  // namespace keraft::transfer
