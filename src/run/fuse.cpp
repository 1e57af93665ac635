#include "run/fuse.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "cards/conv.h"
#include "kernels/gemm.h"
#include "kernels/norm.h"

namespace keraft::run {
namespace {

enum class Kind { conv, depthwise, matmul };

template <class T>
class FusedOf final : public Fused {
 public:
  FusedOf(const Node& node, const OpCard& card, Kind kind, const Array& weight, bool transpose)
      : node_(node), card_(card), kind_(kind), weight_(weight), transpose_(transpose) {
    const auto& d = weight.dims;
    channels_ = kind == Kind::conv ? d[3] : kind == Kind::depthwise ? d[2] * d[3] : d[transpose ? 0 : 1];
  }

  bool scale(const Array& factor) override {
    if (residual_ || clamped_ || !fits(factor)) return false;
    for (int64_t c = 0; c < channels_; ++c) multiply(c, at(factor, c));
    return true;
  }

  bool shift(const Array& summand, bool negative) override {
    if (residual_ || clamped_ || !fits(summand)) return false;
    need_vectors();
    for (int64_t c = 0; c < channels_; ++c) bias_[index(c)] += negative ? -at(summand, c) : at(summand, c);
    return true;
  }

  bool normalise(const Array& gamma, const Array& beta, const Array& mean, const Array& variance, double epsilon) override {
    for (const Array* vector : {&gamma, &beta, &mean, &variance}) {
      if (!fits(*vector) || vector->elements() != channels_) return false;
    }
    if (residual_ || clamped_) return false;
    for (int64_t c = 0; c < channels_; ++c) {
      const double factor = at(gamma, c) / std::sqrt(at(variance, c) + static_cast<double>(static_cast<T>(epsilon)));
      multiply(c, factor);
      bias_[index(c)] += at(beta, c) - at(mean, c) * factor;
    }
    return true;
  }

  bool residual() override {
    if (residual_ || clamped_ || kind_ == Kind::depthwise) return false;
    return residual_ = true;
  }

  bool clamp(double low, double high) override {
    lo_ = std::max(lo_, static_cast<T>(low));
    hi_ = std::min(hi_, static_cast<T>(high));
    return clamped_ = true;
  }

  void finish(const Environment& env) override {
    const auto& d = weight_.dims;
    affine_ = kernels::AffineOf<T>(scale_, bias_);
    if (kind_ != Kind::matmul) return;
    gemm_ = kernels::pack_b<T>(env.kernels, d[transpose_ ? 1 : 0], channels_, weight_.as<T>(), d[1], transpose_);
    weight_.data.reset();
  }

  Array run(const Array& x, const Array* residual, Environment& env) const override {
    const ShapeContext shapes = inferred(node_, card_, {&x, &weight_});
    if (x.dtype != weight_.dtype) shapes.fail("the inputs have different types");
    Array out = env.allocate(x.dtype, shapes.outputs().at(0).shape.values());
    if (residual && (residual->dims != out.dims || residual->dtype != out.dtype))
      shapes.fail("what is added has another shape");
    if (out.elements() == 0) return out;
    kernels::Epilogue<T> epilogue;
    static_cast<kernels::Affine<T>&>(epilogue) = affine_.get();
    epilogue.residual = residual ? residual->as<T>() : nullptr;
    epilogue.ld_residual = channels_;
    epilogue.lo = lo_;
    epilogue.hi = hi_;
    if (kind_ == Kind::matmul) {
      kernels::GemmArgs<T> g;
      g.transpose_a = node_transposes_a();
      g.m = out.dims[0];
      g.n = channels_;
      g.k = x.dims[g.transpose_a ? 0 : 1];
      g.a = x.as<T>();
      g.lda = x.dims[1];
      g.c = out.as<T>();
      g.ldc = channels_;
      g.epilogue = epilogue;
      kernels::gemm(env.kernels, g, *gemm_);
      return out;
    }
    auto args = cards::conv_args<T>(shapes, kind_ == Kind::depthwise);
    args.input = x.as<T>();
    args.weights = weight_.as<T>();
    args.out = out.as<T>();
    args.epilogue = epilogue;
    if (kind_ == Kind::depthwise) {
      kernels::depthwise_conv2d(env.kernels, args);
    } else {
      if (!conv_) {
        conv_ = kernels::pack_conv<T>(env.kernels, args);
        weight_.data.reset();
      }
      kernels::conv2d(env.kernels, args, *conv_);
    }
    return out;
  }

 private:
  static size_t index(int64_t i) { return static_cast<size_t>(i); }

  /// One number, or one per channel along the last axis.
  bool fits(const Array& vector) const {
    const int64_t n = vector.elements();
    return vector.dtype == weight_.dtype && (n == 1 || (n == channels_ && !vector.dims.empty() && vector.dims.back() == n)) &&
           vector.dims.size() <= (kind_ == Kind::matmul ? 2U : 4U);
  }
  double at(const Array& vector, int64_t channel) const {
    return static_cast<double>(vector.as<T>()[vector.elements() == 1 ? 0 : channel]);
  }
  void need_vectors() {
    if (bias_.empty()) bias_.assign(index(channels_), 0);
  }
  void multiply(int64_t channel, double factor) {
    need_vectors();
    if (scale_.empty()) scale_.assign(index(channels_), 1);
    scale_[index(channel)] *= factor;
    bias_[index(channel)] *= factor;
  }
  bool node_transposes_a() const {
    const auto found = node_.attrs.find("transpose_a");
    return found != node_.attrs.end() && found->second.get<bool>() && *found->second.get<bool>();
  }

  const Node& node_;
  const OpCard& card_;
  Kind kind_;
  mutable Array weight_;  ///< without data once it is packed
  bool transpose_;
  int64_t channels_ = 0;
  std::vector<double> scale_, bias_;
  kernels::AffineOf<T> affine_;
  bool residual_ = false, clamped_ = false;
  T lo_ = -std::numeric_limits<T>::infinity(), hi_ = std::numeric_limits<T>::infinity();
  std::optional<kernels::PackedB<T>> gemm_;
  mutable std::optional<kernels::PackedConv<T>> conv_;  ///< made with the first image, which tells the number of groups
};

}  // namespace

std::unique_ptr<Fused> fused(const Node& node, const OpCard& card, const Array& weight) {
  if (weight.dtype != DType::f32 && weight.dtype != DType::f64) return nullptr;
  bool transpose = false;
  Kind kind = Kind::conv;
  if (card.fusion == Fusion::product) {
    kind = Kind::matmul;
    const auto found = node.attrs.find("transpose_b");
    transpose = found != node.attrs.end() && found->second.get<bool>() && *found->second.get<bool>();
  } else if (card.fusion == Fusion::convolution || card.fusion == Fusion::depthwise) {
    const auto found = node.attrs.find("data_format");
    if (found != node.attrs.end() && found->second != Value("NHWC")) return nullptr;
    if (card.fusion == Fusion::depthwise) kind = Kind::depthwise;
  } else {
    return nullptr;
  }
  if (weight.dims.size() != (kind == Kind::matmul ? 2U : 4U) || weight.elements() == 0) return nullptr;
  if (weight.dtype == DType::f32) return std::make_unique<FusedOf<float>>(node, card, kind, weight, transpose);
  return std::make_unique<FusedOf<double>>(node, card, kind, weight, transpose);
}

}  // namespace keraft::run
