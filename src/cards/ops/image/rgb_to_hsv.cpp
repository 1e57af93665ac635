#include "cards/color_code.h"
#include "cards/colors.h"

KERAFT_OP(rgb_to_hsv) {
  op.tf("RGBToHSV").about("colours as hue, saturation and value").fidelity(Fidelity::approximate);
  op.code_with([](CodeContext& k) { return color_code(k, [&](const Channels& rgb) { return hsv_code(k, rgb); }); });
  op.in("images").out("output").attr("T", DType::f32);
  op.shape(color_shape);
  op.kernel([](KernelContext& k) {
    dispatch(k, k.array(0).dtype, AllFloats{}, [&](auto type) {
      using T = decltype(type);
      each_color<T>(k, hsv_of<T>);
    });
  });
  op.sample({dims({2, 3, 3})});
  op.sample({given<float>(DType::f32, {5, 3}, {0, 0, 0, 1, 1, 1, 0.5F, 0.25F, 1, 0.1F, 0.9F, 0.4F, 0.7F, 0.7F, 0.2F})});
  op.sample({dims({0, 3})});
}
