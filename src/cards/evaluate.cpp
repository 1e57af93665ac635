#include "cards/evaluate.h"

#include "kernels/context.h"

namespace keraft::cards {

std::optional<std::vector<Tensor>> evaluate(const Node& node, const OpCard& card, const std::vector<Tensor>& inputs,
                                            int64_t most) {
  if (!card.kernel_fn || !card.shape_fn || card.effects) return std::nullopt;
  std::vector<TensorType> types;
  std::vector<std::optional<Dims>> ints;
  std::vector<Array> arrays;
  for (const Tensor& tensor : inputs) {
    if (!tensor.storage && tensor.elements() != 0) return std::nullopt;
    types.push_back({tensor.dtype, Shape::of(tensor.dims)});
    ints.emplace_back();
    if (is_integer(tensor.dtype) && tensor.elements() <= 64) {
      const auto values = to_ints(tensor);
      ints.back() = Dims(values.begin(), values.end());
    }
    arrays.push_back(make_array(tensor.dtype, tensor.dims));
    if (tensor.elements() > 0) tensor.storage->read(0, {arrays.back().data.get(), arrays.back().bytes()});
  }
  std::vector<Array> results;
  try {
    ShapeContext shapes(node, card, types, ints);
    card.shape_fn(shapes);
    for (const TensorType& type : shapes.outputs()) {
      if (!type.shape.known() || size_of(type.dtype) == 0 || element_count(type.shape.values()) > most) return std::nullopt;
    }
    const kernels::Kernels kernels(1);
    const std::function<Array(DType, std::vector<int64_t>)> allocate = make_array;
    KernelContext::Call call;
    for (const Array& array : arrays) call.in.push_back(&array);
    call.last.assign(arrays.size(), false);
    results.resize(shapes.outputs().size());
    call.out = &results;
    call.allocate = &allocate;
    call.kernels = &kernels;
    KernelContext context(std::move(shapes), std::move(call));
    card.kernel_fn(context);
  } catch (const Error&) {
    return std::nullopt;
  }
  std::vector<Tensor> out;
  for (const Array& array : results) {
    if (array.dtype == DType::invalid || array.elements() > most) return std::nullopt;
    out.push_back(make_tensor(array.dtype, array.dims, {array.data.get(), array.data.get() + array.bytes()}));
  }
  return out;
}

}  // namespace keraft::cards
