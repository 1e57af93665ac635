#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(clip_by_value) {
  op.tf("ClipByValue").about("each element brought between two values");
  op.tensorflow("tf.clip_by_value({0}, {1}, {2})");
  op.code("ops.clip({0}, {1}, {2})").code("ops.minimum(ops.maximum({0}, {1}), {2})");
  op.in("t").in("clip_value_min").in("clip_value_max").out("output").attr("T");
  op.layout({});
  op.shape([](ShapeContext& s) { s.out(0, s.dtype(0), broadcast(s, s.shape(0), broadcast(s, s.shape(1), s.shape(2)))); });
  op.kernel(with_halves([](KernelContext& k) {
    const Array &x = k.array(0), &low = k.array(1), &high = k.array(2);
    if (x.dtype != low.dtype || x.dtype != high.dtype) k.fail("the inputs have different types");
    Array& out = k.in_place(0, 0);
    dispatch(k, x.dtype, AllNumbers{}, [&](auto type) {
      using T = decltype(type);
      kernels::binary<T>(k.kernels(), kernels::BinaryOp::min, {x.as<T>(), x.dims}, {high.as<T>(), high.dims}, out.as<T>());
      kernels::binary<T>(k.kernels(), kernels::BinaryOp::max, {out.as<T>(), out.dims}, {low.as<T>(), low.dims}, out.as<T>());
    });
  }));
  op.sample({dims({2, 3}), given<float>(DType::f32, {}, {-0.5F}), given<float>(DType::f32, {}, {0.5F})});
  op.sample({dims({}), given<float>(DType::f32, {}, {0.0F}), given<float>(DType::f32, {}, {6.0F})});
  op.sample({given_i32({-3, 0, 9}), scalar_i32(0), scalar_i32(5)}, {{"T", DType::i32}});
}
