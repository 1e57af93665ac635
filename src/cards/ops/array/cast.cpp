#include "cards/cast.h"
#include "cards/shapes.h"

KERAFT_OP(cast) {
  op.tf("Cast").about("each element as another type").fidelity(Fidelity::exact);
  op.tensorflow("tf.cast({0}, {DstT})");
  op.code("ops.cast({0}, dtype={DstT})");
  op.in("x").out("y").attr("SrcT").attr("DstT").attr("Truncate", false);
  op.layout({});
  op.shape([](ShapeContext& s) { s.out(0, s.type("DstT"), s.shape(0)); });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    if (!is_integer(s.type("DstT")) || !is_integer(s.dtype(0))) return std::nullopt;
    return s.ints(0);
  });
  op.kernel(cast);
  op.sample({dims({2, 3})}, {{"SrcT", DType::f32}, {"DstT", DType::i32}});
  op.sample({given_i32({1, 0, -5})}, {{"SrcT", DType::i32}, {"DstT", DType::boolean}});
  op.sample({dims({4})}, {{"SrcT", DType::f32}, {"DstT", DType::f16}});
  op.sample({dims({4})}, {{"SrcT", DType::f32}, {"DstT", DType::bf16}});
  op.sample({dims({5, 1})}, {{"SrcT", DType::f64}, {"DstT", DType::f32}});
  op.sample({given_i32({1, 0, -5})}, {{"SrcT", DType::i32}, {"DstT", DType::i64}});
}
