#include "cards/numeric.h"

#include "kernels/half.h"

namespace keraft::cards {
namespace {

bool is_half(DType dtype) { return dtype == DType::f16 || dtype == DType::bf16; }

Array widened(const KernelContext& k, const Array& in) {
  Array out = k.temporary(DType::f32, in.dims);
  const auto* from = in.as<uint16_t>();
  auto* to = out.as<float>();
  const auto n = in.elements();
  if (in.dtype == DType::bf16) {
    for (int64_t i = 0; i < n; ++i) to[i] = kernels::from_bf16(from[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) to[i] = kernels::from_f16(from[i]);
  }
  return out;
}

void narrow(const Array& in, Array& out) {
  const auto* from = in.as<float>();
  auto* to = out.as<uint16_t>();
  const auto n = in.elements();
  if (out.dtype == DType::bf16) {
    for (int64_t i = 0; i < n; ++i) to[i] = kernels::to_bf16(from[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) to[i] = kernels::to_f16(from[i]);
  }
}

}  // namespace

OpCard::KernelFn with_halves(OpCard::KernelFn kernel) {
  return [kernel = std::move(kernel)](KernelContext& k) {
    bool any = false;
    for (size_t i = 0; i < k.inputs(); ++i) any = any || is_half(k.array(i).dtype);
    if (!any) return kernel(k);

    KernelContext::Call call = k.call();
    std::vector<Array> wide(k.inputs()), results(k.outputs().size());
    std::vector<TensorType> types;
    std::vector<std::optional<Dims>> ints;
    for (size_t i = 0; i < k.inputs(); ++i) {
      TensorType type{k.dtype(i), k.shape(i)};
      if (is_half(type.dtype)) {
        type.dtype = DType::f32;
        wide[i] = widened(k, k.array(i));
        call.in[i] = &wide[i];
      }
      call.last[i] = false;
      types.push_back(std::move(type));
      ints.push_back(k.ints(i));
    }
    call.out = &results;
    ShapeContext shapes(k.node(), k.card(), std::move(types), std::move(ints));
    for (size_t port = 0; port < results.size(); ++port) {
      const TensorType& type = k.outputs()[port];
      shapes.out(port, is_half(type.dtype) ? DType::f32 : type.dtype, type.shape);
    }
    KernelContext inner(std::move(shapes), std::move(call));
    kernel(inner);
    for (size_t port = 0; port < results.size(); ++port) {
      if (!results[port].data) continue;
      if (is_half(k.outputs()[port].dtype)) {
        narrow(results[port], k.result(port, results[port].dims));
      } else {
        (*k.call().out)[port] = results[port];
      }
    }
  };
}

std::vector<int64_t> ints_of(const KernelContext& k, size_t i) {
  const Array& in = k.array(i);
  const auto n = static_cast<size_t>(in.elements());
  std::vector<int64_t> out(n);
  dispatch(k, in.dtype, Types<int32_t, int64_t, uint8_t, int8_t, int16_t, uint16_t, uint32_t>{}, [&](auto type) {
    const auto* values = in.as<decltype(type)>();
    for (size_t j = 0; j < n; ++j) out[j] = static_cast<int64_t>(values[j]);
  });
  return out;
}

}  // namespace keraft::cards
