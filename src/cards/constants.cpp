#include "cards/constants.h"

namespace keraft::cards {
namespace {

constexpr int64_t most_elements = int64_t{1} << 26;

template <class T>
Tensor each(const Tensor& tensor, const std::function<double(double)>& f) {
  std::vector<T> values = tensor.as<T>();
  for (T& value : values) value = static_cast<T>(f(static_cast<double>(value)));
  return make_tensor<T>(tensor.dtype, tensor.dims, values);
}

}  // namespace

std::optional<Tensor> mapped(const Tensor& tensor, const std::function<double(double)>& f) {
  if (tensor.elements() > most_elements) return std::nullopt;
  if (tensor.dtype == DType::f32) return each<float>(tensor, f);
  if (tensor.dtype == DType::f64) return each<double>(tensor, f);
  return std::nullopt;
}

std::optional<Tensor> broadcast_tensor(const Tensor& tensor, const std::vector<int64_t>& dims) {
  if (tensor.dims == dims) return tensor;
  if (tensor.dims.size() != dims.size() || element_count(dims) > most_elements) return std::nullopt;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (tensor.dims[i] != dims[i] && tensor.dims[i] != 1) return std::nullopt;
  }
  const std::vector<std::byte> bytes = tensor.load();
  const size_t width = size_of(tensor.dtype);
  std::vector<std::byte> out(static_cast<size_t>(element_count(dims)) * width);
  for (size_t i = 0; i < out.size() / width; ++i) {
    size_t left = i, from = 0, stride = 1;
    for (size_t axis = dims.size(); axis-- > 0;) {
      const size_t at = left % static_cast<size_t>(dims[axis]);
      left /= static_cast<size_t>(dims[axis]);
      if (tensor.dims[axis] != 1) from += at * stride;
      stride *= static_cast<size_t>(tensor.dims[axis]);
    }
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from * width), width,
                out.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  return make_tensor(tensor.dtype, dims, std::move(out));
}

}  // namespace keraft::cards
