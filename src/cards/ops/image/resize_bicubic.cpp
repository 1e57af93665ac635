#include "cards/code_guards.h"
#include "cards/numeric.h"
#include "cards/resample.h"
#include "cards/resize.h"

KERAFT_OP(resize_bicubic) {
  op.tf("ResizeBicubic").about("images at another size, by cubic curves").fidelity(Fidelity::approximate);
  op.code("ops.image.resize({0}, size={1}, interpolation=\"bicubic\", data_format=\"channels_last\")",
          {{"half_pixel_centers", true}}, reads_floats);
  op.in("images").in("size").out("resized_images").attr("T").attr("align_corners", false).attr("half_pixel_centers", false);
  op.shape([](ShapeContext& s) { resized_shape(s, DType::f32); });
  op.kernel(with_halves([](KernelContext& k) {
    const auto &in = k.array(0).dims, &out = k.result().dims;
    resample(k, bicubic_taps(k, in[1], out[1]), bicubic_taps(k, in[2], out[2]));
  }));
  op.sample({dims({1, 3, 4, 2}), given_i32({6, 8})});
  op.sample({dims({2, 5, 3, 1}), given_i32({3, 7})}, {{"half_pixel_centers", true}});
  op.sample({dims({1, 4, 4, 3}), given_i32({7, 2})}, {{"align_corners", true}});
}
