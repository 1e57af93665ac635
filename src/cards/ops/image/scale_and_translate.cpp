#include "cards/numeric.h"
#include "cards/resample.h"
#include "cards/resize.h"

namespace keraft {
namespace {

void scale_and_translate(KernelContext& k) {
  const Array &scale = k.array(2), &translation = k.array(3);
  if (scale.dtype != DType::f32 || translation.dtype != DType::f32 || scale.elements() != 2 || translation.elements() != 2)
    k.fail("scale and translation need two floats each");
  const auto &in = k.array(0).dims, &out = k.result().dims;
  const float *s = scale.as<float>(), *t = translation.as<float>();
  cards::resample(k, cards::scaled_taps(k, in[1], out[1], s[0], t[0]), cards::scaled_taps(k, in[2], out[2], s[1], t[1]));
}

}  // namespace
}  // namespace keraft

KERAFT_OP(scale_and_translate) {
  op.tf("ScaleAndTranslate").about("images scaled and moved, by a kernel").fidelity(Fidelity::approximate);
  op.in("images").in("size").in("scale").in("translation").out("resized_images").attr("T").attr("kernel_type", "lanczos3");
  op.attr("antialias", true);
  op.shape([](ShapeContext& s) { resized_shape(s, DType::f32); });
  op.kernel(cards::with_halves(scale_and_translate));
  const auto pair = [](float a, float b) { return given<float>(DType::f32, {2}, {a, b}); };
  for (const char* kernel : {"lanczos3", "lanczos5", "gaussian", "mitchellcubic", "keyscubic", "triangle", "box"}) {
    op.sample({dims({2, 5, 7, 3}), given_i32({8, 4}), pair(1.6F, 4.0F / 7), pair(0, 0)}, {{"kernel_type", kernel}});
  }
  op.sample({dims({1, 9, 6, 2}), given_i32({4, 9}), pair(4.0F / 9, 1.5F), pair(0, 0)}, {{"antialias", false}});
  op.sample({dims({1, 6, 6, 1}), given_i32({5, 5}), pair(0.7F, 1.2F), pair(0.5F, -1)}, {{"kernel_type", "triangle"}});
}
