#include "cards/older_weights.h"

#include <algorithm>

#include "keraft/error.hpp"

namespace keraft::cards {
namespace {

bool first_channels(const Dict& config) {
  const auto format = config.find("data_format");
  return format != config.end() && format->second == Value("channels_first");
}

/// (out, in, …) → (…, in, out)
Tensor channels_last(const Tensor& kernel) {
  std::vector<size_t> perm;
  for (size_t i = 2; i < kernel.dims.size(); ++i) perm.push_back(i);
  perm.push_back(1);
  perm.push_back(0);
  return transposed(kernel, perm);
}

/// Each of the first `axes` axes from its end to its beginning: all of them together from the last place to the first.
Tensor turned_around(const Tensor& kernel, size_t axes) {
  int64_t places = 1;
  for (size_t i = 0; i < axes; ++i) places *= kernel.dims[i];
  const std::vector<std::byte> from = kernel.load();
  std::vector<std::byte> to(from.size());
  const size_t block = places > 0 ? from.size() / static_cast<size_t>(places) : 0;
  for (size_t i = 0; i < static_cast<size_t>(places); ++i)
    std::copy_n(from.data() + (static_cast<size_t>(places) - 1 - i) * block, block, to.data() + i * block);
  return make_tensor(kernel.dtype, kernel.dims, std::move(to));
}

/// Side by side on the last axis.
Tensor side_by_side(const std::vector<Tensor>& parts) {
  std::vector<int64_t> dims = parts.front().dims;
  if (dims.empty()) throw Error(Status::format, "a gate's weight that is one number");
  const size_t rows = static_cast<size_t>(element_count(std::vector<int64_t>(dims.begin(), dims.end() - 1)));
  const size_t width = static_cast<size_t>(dims.back()) * size_of(parts.front().dtype);
  std::vector<std::byte> out(rows * width * parts.size());
  for (size_t part = 0; part < parts.size(); ++part) {
    if (parts[part].dims != dims || parts[part].dtype != parts.front().dtype)
      throw Error(Status::format, "gates of different sizes");
    const std::vector<std::byte> from = parts[part].load();
    for (size_t row = 0; row < rows; ++row)
      std::copy_n(from.data() + row * width, width, out.data() + (row * parts.size() + part) * width);
  }
  dims.back() *= static_cast<int64_t>(parts.size());
  return make_tensor(parts.front().dtype, std::move(dims), std::move(out));
}

/// What CuDNN's kernel of one gate after another, each [in, units] in row-major order of its transpose, is today.
Tensor gates_of_cudnn(const Tensor& kernel, size_t gates, bool recurrent) {
  const std::vector<float> from = kernel.as<float>();
  const auto in = static_cast<size_t>(kernel.dims[0]), units = static_cast<size_t>(kernel.dims[1]) / gates;
  std::vector<float> to(from.size());
  for (size_t gate = 0; gate < gates; ++gate) {
    const auto at = [&](size_t row, size_t column) { return row * units * gates + gate * units + column; };
    for (size_t row = 0; row < in; ++row) {
      for (size_t column = 0; column < units; ++column) {
        const size_t place = column * in + row;  // in the gate's own [in, units]
        to[at(row, column)] = recurrent ? from[at(column, row)] : from[at(place / units, place % units)];
      }
    }
  }
  return make_tensor<float>(DType::f32, kernel.dims, std::span<const float>(to));
}

/// Two biases for each gate: LSTM adds them up, GRU keeps both.
Tensor bias_of_cudnn(const Tensor& bias, size_t gates) {
  const int64_t half = bias.dims[0] / 2;
  if (gates == 3) return reshaped(bias, {2, half});
  const std::vector<float> both = bias.as<float>();
  std::vector<float> sum(static_cast<size_t>(half));
  for (size_t i = 0; i < sum.size(); ++i) sum[i] = both[i] + both[sum.size() + i];
  return make_tensor<float>(DType::f32, {half}, std::span<const float>(sum));
}

}  // namespace

LayerCard::OlderWeights older_kernels(size_t axes, size_t count) {
  return [axes, count](Dict& config, std::vector<Tensor>& stored, OlderFile file) {
    for (size_t i = 0; i < std::min(count, stored.size()); ++i) {
      if (stored[i].dims.size() != axes + 2) continue;
      if (file.keras1 && first_channels(config)) stored[i] = channels_last(stored[i]);
      if (file.flipped) stored[i] = turned_around(stored[i], axes);
    }
  };
}

void older_kernel_of_steps(Dict& config, std::vector<Tensor>& stored, OlderFile file) {
  if (stored.empty()) return;
  Tensor& kernel = stored.front();
  if (file.keras1 && kernel.dims.size() == 4) {
    const auto filters = config.find("filters"), steps = config.find("kernel_size");
    const auto size = steps == config.end() ? std::nullopt : steps->second.as_ints();
    const bool today = size && size->size() == 1 && kernel.dims[0] == size->front() && kernel.dims[1] == 1 &&
                       filters != config.end() && filters->second == Value(kernel.dims[3]);
    if (!today) kernel = transposed(kernel, {2, 3, 1, 0});
    if (kernel.dims[1] == 1) kernel = reshaped(kernel, {kernel.dims[0], kernel.dims[2], kernel.dims[3]});
  }
  if (file.flipped && kernel.dims.size() == 3) kernel = turned_around(kernel, 1);
}

LayerCard::OlderWeights older_gates(std::vector<size_t> order, size_t axes) {
  return [order, axes](Dict& config, std::vector<Tensor>& stored, OlderFile file) {
    if (!file.keras1 || stored.size() != order.size() * 3) return;
    std::vector<Tensor> out;
    for (size_t kind = 0; kind < 3; ++kind) {
      std::vector<Tensor> parts;
      for (const size_t gate : order) {
        Tensor part = stored[gate * 3 + kind];
        const bool kernel = axes > 0 && part.dims.size() == axes + 2;
        if (kernel && first_channels(config)) part = channels_last(part);
        if (kernel && file.flipped) part = turned_around(part, axes);
        parts.push_back(std::move(part));
      }
      out.push_back(side_by_side(parts));
    }
    stored = std::move(out);
  };
}

LayerCard::OlderWeights older_recurrent(std::vector<size_t> order) {
  const size_t gates = order.size();
  return [gates, of_keras1 = older_gates(std::move(order))](Dict& config, std::vector<Tensor>& stored, OlderFile file) {
    of_keras1(config, stored, file);
    if (stored.size() != 3 || stored[0].dims.size() != 2 || stored[1].dims.size() != 2 || stored[2].dims.size() != 1) return;
    const int64_t units = stored[1].dims[0], wide = static_cast<int64_t>(gates);
    const bool cudnn = stored[2].dims[0] / 2 / wide == units && stored[2].dims[0] == 2 * wide * units &&
                       stored[0].dims[1] / wide == units && stored[0].dims[1] == stored[1].dims[1] &&
                       stored[0].dims[1] % wide == 0;
    if (!cudnn) return;
    if (!std::all_of(stored.begin(), stored.end(), [](const Tensor& one) { return one.dtype == DType::f32; }))
      throw Error(Status::unsupported, "CuDNN's weights of another type than float32");
    stored = {gates_of_cudnn(stored[0], gates, false), gates_of_cudnn(stored[1], gates, true), bias_of_cudnn(stored[2], gates)};
  };
}

}  // namespace keraft::cards
