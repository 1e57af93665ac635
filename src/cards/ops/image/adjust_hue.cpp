#include "cards/color_code.h"
#include "cards/colors.h"

KERAFT_OP(adjust_hue) {
  op.tf("AdjustHue").about("colours with the hue turned by a share of the circle").fidelity(Fidelity::approximate);
  op.code_with([](CodeContext& k) {
    return color_code(k, [&](const Channels& rgb) -> Channels {
      const Hue hue = hue_code(k, rgb);
      Operand turn = k.input(1);
      if (const Tensor* delta = turn.value.get<Tensor>())
        turn = literal(to_doubles(*delta).at(0) * 6);
      else
        turn = both(k, "Multiply", turn, literal(6.0));
      const Operand place = both(k, "Mod", both(k, "Add", hue.place, turn), literal(6.0));
      const auto part = [&](double at) {
        const Operand away = called(k, "Absolute", {{"x", both(k, "Subtract", place, literal(at))}});
        const Operand near = both(k, "Minimum", away, both(k, "Subtract", literal(6.0), away));
        return both(k, "Add", hue.low, both(k, "Multiply", hue.range, clipped(k, both(k, "Subtract", literal(2.0), near))));
      };
      return {part(0), part(2), part(4)};
    });
  });
  op.in("images").in("delta").out("output").attr("T", DType::f32);
  op.shape(color_shape);
  op.kernel(with_halves([](KernelContext& k) {
    const float delta = *k.array(1).as<float>();
    if (k.array(0).dtype != DType::f32 || k.array(1).dtype != DType::f32 || k.array(1).elements() != 1) k.fail("needs float32");
    each_color<float>(k, [delta](const Color<float>& c) -> Color<float> {
      const auto [r, g, b] = c;
      const float high = std::max({r, g, b}), low = std::min({r, g, b}), range = high - low;
      if (range == 0) return {high, high, high};
      // The circle in six parts, each from one pure or mixed colour to the next.
      float hue = r == high ? (g - b) / range : g == high ? (b - r) / range + 2 : (r - g) / range + 4;
      hue = std::fmod(hue + delta * 6, 6.0F);
      if (hue < 0) hue += 6;
      const auto part = [&](float at) {
        const float away = std::abs(hue - at), near = std::min(away, 6 - away);
        return low + range * std::clamp(2 - near, 0.0F, 1.0F);
      };
      return {part(0), part(2), part(4)};
    });
  }));
  op.sample({dims({2, 3, 3}), given<float>(DType::f32, {}, {0.2F})});
  op.sample({dims({7, 1, 3}), given<float>(DType::f32, {}, {-0.75F})});
  op.sample({dims({0, 2, 3}), given<float>(DType::f32, {}, {1.0F})});
  op.sample(
      {given<float>(DType::f32, {3, 1, 3}, {1, 1, 1, 0.25F, 0.25F, 0.75F, 0, 0, 0}), given<float>(DType::f32, {}, {0.5F})});
}
