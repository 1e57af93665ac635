#include "cards/fake_quant.h"

#include <algorithm>
#include <cmath>

#include "kernels/context.h"

namespace keraft::cards {

float fake_quant_number(const KernelContext& k, size_t i) {
  if (k.array(i).dtype != DType::f32 || k.array(i).elements() != 1) k.fail("input " + std::to_string(i) + " must be one float");
  return *k.array(i).as<float>();
}

void fake_quant(KernelContext& k, float low, float high, int64_t begin, int64_t step) {
  const int64_t bits = k.integer("num_bits");
  if (bits < 2 || bits > 16) k.fail("num_bits is " + std::to_string(bits));
  if (k.array(0).dtype != DType::f32) k.fail("the input is not float32");
  const auto first = k.flag("narrow_range") ? 1.0F : 0.0F;
  const auto last = static_cast<float>((int64_t{1} << bits) - 1);
  const Array& in = k.array(0);
  const int64_t n = in.elements();
  const float* x = in.as<float>();
  float* y = k.in_place(0, 0).as<float>();
  if (low == 0.0F && high == 0.0F) {
    for (int64_t i = begin; i < n; i += step) y[i] = 0;
    return;
  }
  if (!(low < high)) k.fail("min is not below max");
  const float scale = (high - low) / (last - first);
  const float zero = first - low / scale;
  const float nudged = zero < first ? first : zero > last ? last : std::round(zero);
  const float bottom = (first - nudged) * scale, top = (last - nudged) * scale;
  const float inverse = 1.0F / scale, offset = -bottom * inverse + 0.5F;
  for (int64_t i = begin; i < n; i += step) {
    const float clamped = std::max(std::min(x[i], top), bottom);
    y[i] = (std::floor(clamped * inverse + offset) + 0.0F) * scale + bottom;
  }
}

}  // namespace keraft::cards
