#include "cards/fake_quant.h"

#include <algorithm>
#include <cmath>

#include "cards/number_tensor.h"
#include "kernels/context.h"

namespace keraft::cards {
namespace {

/// The numbers that quantised values are.
std::pair<float, float> steps(const ShapeContext& s) {
  const int64_t bits = s.integer("num_bits");
  if (bits < 2 || bits > 16) s.fail("num_bits is " + std::to_string(bits));
  return {s.flag("narrow_range") ? 1.0F : 0.0F, static_cast<float>((int64_t{1} << bits) - 1)};
}

struct Grid {
  float scale, bottom, top;
};

Grid grid(const ShapeContext& s, float low, float high) {
  const auto [first, last] = steps(s);
  const float scale = (high - low) / (last - first);
  const float zero = first - low / scale;
  const float nudged = zero < first ? first : zero > last ? last : std::round(zero);
  return {scale, (first - nudged) * scale, (last - nudged) * scale};
}

struct Said {
  Operand scale, bottom, top;
};

/// Nothing where a range is empty.
std::optional<Said> constants(const ShapeContext& s, const Tensor& low, const Tensor& high) {
  const auto lows = to_doubles(low), highs = to_doubles(high);
  if (lows.size() != highs.size()) return std::nullopt;
  std::vector<double> scales, bottoms, tops;
  for (size_t i = 0; i < lows.size(); ++i) {
    if (!(lows[i] < highs[i])) return std::nullopt;
    const Grid one = grid(s, static_cast<float>(lows[i]), static_cast<float>(highs[i]));
    scales.push_back(one.scale);
    bottoms.push_back(one.bottom);
    tops.push_back(one.top);
  }
  const auto tensor = [&](const std::vector<double>& numbers) {
    Operand out;
    out.value = number_tensor(DType::f32, low.dims, numbers);
    return out;
  };
  return Said{tensor(scales), tensor(bottoms), tensor(tops)};
}

class Arithmetic {
 public:
  explicit Arithmetic(CodeContext& k) : k_(k) {}
  Operand operator()(const char* cls, const Operand& a, const Operand& b) const { return made(cls, {{"x1", a}, {"x2", b}}); }
  Operand floor(const Operand& x) const { return made("Floor", {{"x", x}}); }

 private:
  Operand made(const char* cls, const std::vector<std::pair<std::string, Operand>>& arguments) const {
    Operand out;
    out.edge = k_.call(cls, arguments);
    return out;
  }
  CodeContext& k_;
};

Operand number_operand(double value) {
  Operand out;
  out.value = value;
  return out;
}

Said computed(const CodeContext& k, const Arithmetic& say, const Operand& low, const Operand& high) {
  const auto [first, last] = steps(k);
  const Operand begin = number_operand(first), end = number_operand(last);
  Said out;
  out.scale = say("Divide", say("Subtract", high, low), number_operand(last - first));
  const Operand zero = say("Subtract", begin, say("Divide", low, out.scale));
  const Operand inside = say("Minimum", say("Maximum", zero, begin), end);
  const Operand nudged = say.floor(say("Add", inside, number_operand(0.5)));
  out.bottom = say("Multiply", say("Subtract", begin, nudged), out.scale);
  out.top = say("Multiply", say("Subtract", end, nudged), out.scale);
  return out;
}

}  // namespace

float fake_quant_number(const KernelContext& k, size_t i) {
  if (k.array(i).dtype != DType::f32 || k.array(i).elements() != 1) k.fail("input " + std::to_string(i) + " must be one float");
  return *k.array(i).as<float>();
}

void fake_quant(KernelContext& k, float low, float high, int64_t begin, int64_t step) {
  if (k.array(0).dtype != DType::f32) k.fail("the input is not float32");
  const Array& in = k.array(0);
  const int64_t n = in.elements();
  const float* x = in.as<float>();
  float* y = k.in_place(0, 0).as<float>();
  if (low == 0.0F && high == 0.0F) {
    for (int64_t i = begin; i < n; i += step) y[i] = 0;
    return;
  }
  if (!(low < high)) k.fail("min is not below max");
  const auto [scale, bottom, top] = grid(k, low, high);
  const float inverse = 1.0F / scale, offset = -bottom * inverse + 0.5F;
  for (int64_t i = begin; i < n; i += step) {
    const float clamped = std::max(std::min(x[i], top), bottom);
    y[i] = (std::floor(clamped * inverse + offset) + 0.0F) * scale + bottom;
  }
}

std::optional<std::vector<Edge>> fake_quant_code(CodeContext& k, Operand low, Operand high) {
  const Operand x = k.input(0);
  if (!x.is_tensor() || low.is_tensor() != high.is_tensor()) return std::nullopt;
  const Arithmetic say(k);
  const Tensor *lows = low.value.get<Tensor>(), *highs = high.value.get<Tensor>();
  if (!low.is_tensor() && !(lows && highs)) return std::nullopt;
  const auto grid = lows ? constants(k, *lows, *highs) : computed(k, say, low, high);
  if (!grid) return std::nullopt;
  const Operand clamped = say("Maximum", say("Minimum", x, grid->top), grid->bottom);
  const Operand steps = say("Divide", say("Subtract", clamped, grid->bottom), grid->scale);
  const Operand whole = say.floor(say("Add", steps, number_operand(0.5)));
  return std::vector<Edge>{say("Add", say("Multiply", whole, grid->scale), grid->bottom).edge};
}

}  // namespace keraft::cards
