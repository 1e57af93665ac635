#include "cards/norm.h"

#include <algorithm>
#include <cmath>

#include "cards/numeric.h"
#include "kernels/norm.h"

namespace keraft::cards {

namespace {

/// The axis of channels by the layout, whose letters are the axes.
size_t channel_axis(const ShapeContext& s) {
  const std::string& format = s.text("data_format");
  if (format == "NHWC" || format == "NDHWC") return format.size() - 1;
  if (format == "NCHW" || format == "NCDHW") return 1;
  throw Error(Status::unsupported, s.card().name() + " with data_format " + format.substr(0, 20), Place{{}, {}, s.node().name});
}

void batch_norm_shape(ShapeContext& s, size_t reserves) {
  const size_t channel = channel_axis(s);
  need_rank(s, 0, s.text("data_format").size());
  for (size_t i = 1; i < 5; ++i) need_rank(s, i, 1);
  const Shape& in = s.shape(0);
  Shape vector = s.shape(1);
  if (in.has_rank()) vector = unify(s, Shape{in[channel]}, vector);
  for (size_t i = 2; i < 5; ++i) {
    // Training takes empty vectors for mean and variance.
    if (!(i > 2 && s.shape(i).has_rank() && s.shape(i)[0].is(0))) vector = unify(s, vector, s.shape(i));
  }
  Shape out = in;
  if (in.has_rank() && vector.has_rank()) out.dims()[channel] = vector[0];
  s.out(0, s.dtype(0), out);
  for (size_t port = 1; port < 5; ++port) s.out(port, s.dtype(1), vector);
  if (reserves == 3) s.out(5, s.dtype(1), Shape{unknown_dim(s, 5, 0)});
}

struct Layout {
  int64_t outer, channels, inner;
};

template <class T>
struct Vectors {
  const T *scale, *offset, *mean, *variance;
};

template <class T>
void normalise(const KernelContext& k, const Array& x, Array& y, const Layout& at, const Vectors<T>& v, T epsilon) {
  std::vector<double> scale(static_cast<size_t>(at.channels)), shift(scale.size());
  for (size_t c = 0; c < scale.size(); ++c) {
    scale[c] = static_cast<double>(v.scale[c]) / std::sqrt(static_cast<double>(v.variance[c]) + static_cast<double>(epsilon));
    shift[c] = static_cast<double>(v.offset[c]) - static_cast<double>(v.mean[c]) * scale[c];
  }
  const kernels::AffineOf<T> affine(scale, shift);
  if (at.inner == 1) {
    kernels::affine_inner(k.kernels(), x.as<T>(), y.as<T>(), at.outer, at.channels, affine.get());
  } else {
    kernels::affine_outer(k.kernels(), x.as<T>(), y.as<T>(), at.outer, at.channels, at.inner, affine.get());
  }
}

template <class T>
void train(const KernelContext& k, const Array& x, Array& y, const Layout& at, T epsilon) {
  const auto n = static_cast<size_t>(at.channels);
  std::vector<T> mean(n), variance(n);
  kernels::channel_moments(k.kernels(), x.as<T>(), at.outer, at.channels, at.inner, mean.data(), variance.data());
  normalise<T>(k, x, y, at, {k.array(1).as<T>(), k.array(2).as<T>(), mean.data(), variance.data()}, epsilon);
  const auto count = static_cast<double>(at.outer * at.inner);
  const double factor = k.real("exponential_avg_factor");
  const auto correction = static_cast<T>(count / std::max(1.0, count - 1));
  const bool averaged = factor != 1 && k.array(3).elements() == at.channels && k.array(4).elements() == at.channels;
  T *running_mean = k.result(1).as<T>(), *running_variance = k.result(2).as<T>();
  const T *old_mean = k.array(3).as<T>(), *old_variance = k.array(4).as<T>();
  const T weight = static_cast<T>(factor);
  for (size_t c = 0; c < n; ++c) {
    const T unbiased = variance[c] * correction;
    running_mean[c] = averaged ? (T(1) - weight) * old_mean[c] + weight * mean[c] : mean[c];
    running_variance[c] = averaged ? (T(1) - weight) * old_variance[c] + weight * unbiased : unbiased;
  }
  std::copy_n(mean.data(), n, k.result(3).as<T>());
  std::copy_n(variance.data(), n, k.result(4).as<T>());
}

template <class T>
void compute(KernelContext& k) {
  const size_t channel = channel_axis(k);
  const Array& x = k.array(0);
  Layout at{1, x.dims[channel], 1};
  for (size_t i = 0; i < x.dims.size(); ++i) {
    if (i < channel) at.outer *= x.dims[i];
    if (i > channel) at.inner *= x.dims[i];
  }
  const auto epsilon = static_cast<T>(k.real("epsilon"));
  for (size_t i = 1; i < 3; ++i) {
    if (k.array(i).elements() != at.channels) k.fail("input " + std::to_string(i) + " does not have one number per channel");
  }
  const bool training = k.flag("is_training");
  // In training the input is read twice, but the second time element by element.
  Array& y = k.in_place(0, 0);
  if (training) return train<T>(k, x, y, at, epsilon);
  for (size_t i = 3; i < 5; ++i) {
    if (k.array(i).elements() != at.channels) k.fail("input " + std::to_string(i) + " does not have one number per channel");
  }
  normalise<T>(k, x, y, at, {k.array(1).as<T>(), k.array(2).as<T>(), k.array(3).as<T>(), k.array(4).as<T>()}, epsilon);
  for (size_t port = 1; port < 5; ++port) k.alias(port, port % 2 == 1 ? 3 : 4);
}

void batch_norm(KernelContext& k, size_t reserves) {
  with_halves([reserves](KernelContext& inner) {
    dispatch(inner, inner.array(0).dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      if (inner.array(1).dtype != inner.array(0).dtype) inner.fail("x and scale have different types");
      compute<T>(inner);
      if (reserves == 3) *inner.result(5, {1}).template as<T>() = T(0);
    });
  })(k);
}

}  // namespace

void batch_norm_card(OpCard& op, size_t reserves) {
  op.about("normalises each channel, with given or with its own mean and variance").fidelity(Fidelity::approximate);
  op.in("x").in("scale").in("offset").in("mean").in("variance").out("y").out("batch_mean").out("batch_variance");
  for (size_t i = 1; i <= reserves; ++i) op.out("reserve_space_" + std::to_string(i));
  op.attr("epsilon", 0.0001).attr("exponential_avg_factor", 1.0).attr("data_format", "NHWC").attr("is_training", true);
  op.fuses(Fusion::normalise).layout({.images = {0}});
  op.shape([reserves](ShapeContext& s) { batch_norm_shape(s, reserves); });
  op.kernel([reserves](KernelContext& k) { batch_norm(k, reserves); });
  op.sample(
      {dims({2, 3, 4, 5}), dims({5}), dims({5}), dims({5}), given<float>(DType::f32, {5}, {0.5F, 1.0F, 2.0F, 0.1F, 3.0F})},
      {{"is_training", false}});
  op.sample({dims({2, 3, 4, 5}), dims({5}), dims({5}), given<float>(DType::f32, {0}, {}), given<float>(DType::f32, {0}, {})},
            {{"epsilon", 0.001}});
  op.sample({dims({1, 3, 3, 2}), dims({2}), dims({2}), dims({2}), given<float>(DType::f32, {2}, {0.5F, 1.0F})},
            {{"is_training", false}, {"epsilon", 0.01}});
  if (reserves == 3) {
    op.sample({dims({2, 3, 2, 4, 3}), dims({3}), dims({3}), dims({3}), given<float>(DType::f32, {3}, {0.5F, 1.0F, 2.0F})},
              {{"is_training", false}, {"data_format", "NDHWC"}});
  }
}

}  // namespace keraft::cards
