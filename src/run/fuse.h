// A convolution or matrix product with constant weights, together with what follows it: scale, bias, residual, clamp.
#pragma once

#include <memory>

#include "run/execute.h"

namespace keraft::run {

class Fused {
 public:
  virtual ~Fused() = default;
  /// Takes a vector of one number per output channel, or one number, as a further factor or summand.
  /// False when it cannot: wrong size or type, or a residual or clamp came before.
  virtual bool scale(const Array& factor) = 0;
  virtual bool shift(const Array& summand, bool negative) = 0;
  /// y·factor + summand with the vectors of batch normalisation.
  virtual bool normalise(const Array& gamma, const Array& beta, const Array& mean, const Array& variance, double epsilon) = 0;
  /// A second tensor of the result's shape is added.
  virtual bool residual() = 0;
  virtual bool clamp(double low, double high) = 0;
  /// Lays the weights out; nothing can be added afterwards.
  virtual void finish(const Environment& env) = 0;
  /// `residual` is null when there is none.
  virtual Array run(const Array& x, const Array* residual, Environment& env) const = 0;
};

/// Null when the node's card is no convolution (of channels-last images) or product, or not of float or double, with this
/// weight as input 1. The node and card must outlive the result.
std::unique_ptr<Fused> fused(const Node& node, const OpCard& card, const Array& weight);

}  // namespace keraft::run
