#include <algorithm>
#include <cmath>
#include "cards/quantized.h"

namespace keraft::cards {
namespace {

/// y = (x + before) * scale + after, each step rounded to float.
struct Line {
  float before = 0, scale = 1, after = 0;
};

template <class T>
Line line_of(const KernelContext& k, float low, float high) {
  constexpr auto least = static_cast<float>(std::numeric_limits<T>::min()),
                 most = static_cast<float>(std::numeric_limits<T>::max());
  const std::string& mode = k.text("mode");
  if (mode == "MIN_COMBINED") return {std::is_signed_v<T> ? (most - least + 1) / 2 : 0, (high - low) / (most - least), low};
  if (mode == "SCALED") {
    if (!std::is_signed_v<T>) return {0, high / most, 0};
    return {0, std::max(low / (least + (k.flag("narrow_range") ? 1.0F : 0.0F)), high / most), 0};
  }
  k.fail("mode is " + mode);
}

/// MIN_FIRST: the grid is moved so that the least value lies on it.
template <class T>
Line first_of(float low, float high) {
  if (low == high) return {0, 0, low};
  constexpr double steps = static_cast<double>((uint64_t{1} << (sizeof(T) * 8)) - 1);
  constexpr auto least = static_cast<float>(std::numeric_limits<T>::min());
  const auto scale = static_cast<float>(static_cast<double>(high - low) / steps);
  return {0, scale, std::round(low / scale) * scale - least * scale};
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(dequantize) {
  op.tf("Dequantize").about("floats that integers stand for").fidelity(Fidelity::approximate);
  op.in("input").in("min_range").in("max_range").out("output");
  op.attr("T").attr("mode", "MIN_COMBINED").attr("narrow_range", false).attr("axis", -1).attr("dtype", DType::f32);
  op.shape([](ShapeContext& s) { s.out(0, s.type("dtype"), s.shape(0)); });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const QuantizedAxis axis(k);
    const bool first = k.text("mode") == "MIN_FIRST";
    if (first && axis.count != 1) k.fail("MIN_FIRST has no axis");
    Array& out = k.result();
    dispatch_quantized(k, in.dtype, [&](auto type) {
      using T = decltype(type);
      std::vector<Line> lines;
      for (int64_t i = 0; i < axis.count; ++i) {
        const float low = k.array(1).as<float>()[i], high = k.array(2).as<float>()[i];
        lines.push_back(first ? first_of<T>(low, high) : line_of<T>(k, low, high));
      }
      dispatch(k, out.dtype, Types<float, BFloat16>{}, [&](auto real) {
        using R = decltype(real);
        for (int64_t i = 0; i < in.elements(); ++i) {
          const Line& line = lines[static_cast<size_t>(axis.slice(i))];
          out.as<R>()[i] = R((static_cast<float>(in.as<T>()[i]) + line.before) * line.scale + line.after);
        }
      });
    });
  });
  const auto f = [](float value) { return given<float>(DType::f32, {}, {value}); };
  const Value signed_bytes = given<int8_t>(DType::qi8, {2, 3}, {-128, -7, 0, 1, 90, 127}),
              bytes = given<uint8_t>(DType::qu8, {5}, {0, 1, 100, 128, 255});
  for (const char* mode : {"MIN_COMBINED", "MIN_FIRST", "SCALED"}) {
    op.sample({signed_bytes, f(-1.5F), f(2.0F)}, {{"mode", mode}, {"T", DType::qi8}});
    op.sample({bytes, f(0.5F), f(2.0F)}, {{"mode", mode}, {"T", DType::qu8}});
    op.sample({given<int32_t>(DType::qi32, {3}, {-2000000000, 5, 2000000000}), f(-1.5F), f(2.0F)},
              {{"mode", mode}, {"T", DType::qi32}});
  }
  op.sample({given<uint16_t>(DType::qu16, {2}, {0, 65535}), f(-1.0F), f(1.0F)}, {{"T", DType::qu16}, {"dtype", DType::bf16}});
  op.sample({signed_bytes, given<float>(DType::f32, {3}, {-1, -2, -3}), given<float>(DType::f32, {3}, {1, 2, 4})},
            {{"mode", "SCALED"}, {"T", DType::qi8}, {"axis", 1}, {"narrow_range", true}});
  op.sample({given<int16_t>(DType::qi16, {0}, {}), f(-1.0F), f(1.0F)}, {{"T", DType::qi16}});
}
