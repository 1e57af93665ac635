#include <algorithm>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(ones_like) {
  op.tf("OnesLike").about("ones of the same shape");
  op.tensorflow("tf.ones_like({0})");
  op.code("ops.ones_like({0})");
  op.in("x").out("y").attr("T");
  op.shape(like_input);
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    if (!s.ints(0)) return std::nullopt;
    return Dims(s.ints(0)->size(), Dim(1));
  });
  op.kernel(with_halves([](KernelContext& k) {
    Array& out = k.in_place(0, 0);
    dispatch(k, out.dtype, AnyType{},
             [&](auto type) { std::fill_n(out.as<decltype(type)>(), out.elements(), decltype(type)(1)); });
  }));
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({given_i32({4, 5})}, {{"T", DType::i32}});
}
