#include "cards/shapes.h"
#include "cards/volume.h"

KERAFT_OP(conv3d_backprop_input_v2) {
  op.tf("Conv3DBackpropInputV2").about("a convolution of volumes turned around").fidelity(Fidelity::approximate);
  op.in("input_sizes").in("filter").in("out_backprop").out("output").attr("T").attr("strides").attr("padding");
  op.attr("data_format", "NDHWC").attr("dilations", dims({1, 1, 1, 1, 1})).attr("Tshape", DType::i32);
  op.layout({.images = {2}, .lists = {"strides", "dilations"}, .list_inputs = {0}});
  op.shape([](ShapeContext& s) { transposed_shape(s, 5); });
  op.kernel([](KernelContext& k) { transposed_kernel(k, 5); });
  op.sample({given_i32({2, 5, 7, 6, 4}), dims({2, 3, 2, 4, 3}), dims({2, 3, 4, 3, 3})},
            {{"strides", dims({1, 2, 2, 2, 1})}, {"padding", "SAME"}});
  op.sample({given_i32({1, 4, 7, 5, 2}), dims({2, 3, 1, 2, 5}), dims({1, 3, 3, 5, 5})},
            {{"strides", dims({1, 1, 2, 1, 1})}, {"padding", "VALID"}});
  op.sample({given_i32({1, 5, 3, 3, 2}), dims({3, 2, 2, 2, 3}), dims({1, 2, 2, 1, 3})},
            {{"strides", dims({1, 2, 1, 3, 1})}, {"padding", "VALID"}, {"T", DType::f64}});
}
