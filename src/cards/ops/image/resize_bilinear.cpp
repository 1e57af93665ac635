#include "cards/code_guards.h"
#include "cards/numeric.h"
#include "cards/resize.h"
#include "cards/shapes.h"

KERAFT_OP(resize_bilinear) {
  op.tf("ResizeBilinear").about("images at another size, between pixels").fidelity(Fidelity::approximate);
  op.code("ops.image.resize({0}, size={1}, interpolation=\"bilinear\", data_format=\"channels_last\")",
          {{"half_pixel_centers", true}}, reads_floats);
  op.in("images").in("size").out("resized_images").attr("T").attr("align_corners", false).attr("half_pixel_centers", false);
  op.shape([](ShapeContext& s) { resized_shape(s, DType::f32); });
  op.kernel(with_halves(resize_bilinear));
  op.sample({dims({1, 3, 4, 2}), given_i32({6, 8})});
  op.sample({dims({2, 5, 3, 1}), given_i32({3, 7})}, {{"half_pixel_centers", true}});
  op.sample({dims({1, 4, 4, 3}), given_i32({7, 2})}, {{"align_corners", true}});
  op.sample({dims({1, 1, 3, 2}), given_i32({4, 1})}, {{"align_corners", true}});
}
