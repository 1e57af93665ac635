#include "cards/numeric.h"
#include "cards/resample.h"
#include "cards/resize.h"

KERAFT_OP(resize_area) {
  op.tf("ResizeArea").about("images at another size, by the areas that pixels cover").fidelity(Fidelity::approximate);
  op.in("images").in("size").out("resized_images").attr("T").attr("align_corners", false);
  op.shape([](ShapeContext& s) { resized_shape(s, DType::f32); });
  op.kernel(with_halves([](KernelContext& k) {
    const auto &in = k.array(0).dims, &out = k.result().dims;
    resample(k, area_taps(k, in[1], out[1]), area_taps(k, in[2], out[2]));
  }));
  op.sample({dims({1, 6, 8, 2}), given_i32({3, 4})});
  op.sample({dims({2, 5, 7, 1}), given_i32({3, 2})});
  op.sample({dims({1, 4, 3, 3}), given_i32({7, 5})});
}
