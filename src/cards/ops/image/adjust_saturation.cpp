#include "cards/color_code.h"
#include "cards/colors.h"

KERAFT_OP(adjust_saturation) {
  op.tf("AdjustSaturation").about("colours with the saturation multiplied").fidelity(Fidelity::approximate);
  op.code_with([](CodeContext& k) {
    return color_code(k, [&](const Channels& rgb) {
      Channels hsv = hsv_code(k, rgb);
      hsv[1] = clipped(k, both(k, "Multiply", hsv[1], k.input(1)));
      return rgb_code(k, hsv);
    });
  });
  op.in("images").in("scale").out("output").attr("T", DType::f32);
  op.shape(color_shape);
  op.kernel(with_halves([](KernelContext& k) {
    const float scale = *k.array(1).as<float>();
    if (k.array(0).dtype != DType::f32 || k.array(1).dtype != DType::f32 || k.array(1).elements() != 1) k.fail("needs float32");
    each_color<float>(k, [scale](const Color<float>& c) {
      Color<float> hsv = hsv_of(c);
      hsv[1] = std::clamp(hsv[1] * scale, 0.0F, 1.0F);
      return rgb_of(hsv);
    });
  }));
  op.sample(
      {given<float>(DType::f32, {3, 1, 3}, {1, 1, 1, 0.25F, 0.5F, 0.75F, 0, 0, 0}), given<float>(DType::f32, {}, {0.5F})});
  op.sample({given<float>(DType::f32, {2, 1, 3}, {0.1F, 0.7F, 0.2F, 0.9F, 0.5F, 0.3F}), given<float>(DType::f32, {}, {3.0F})});
  op.sample({given<float>(DType::f32, {0, 2, 3}, {}), given<float>(DType::f32, {}, {1.0F})});
}
