#include <cstring>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "keraft/run.hpp"
#include "kernels/move.h"

KERAFT_OP(zeros_like) {
  op.tf("ZerosLike").about("zeros of the same shape");
  op.tensorflow("tf.zeros_like({0})");
  op.code("ops.zeros_like({0})");
  op.in("x").out("y").attr("T");
  op.shape(like_input);
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    if (!s.ints(0)) return std::nullopt;
    return Dims(s.ints(0)->size(), Dim(0));
  });
  op.kernel([](KernelContext& k) {
    Array& out = k.in_place(0, 0);
    std::memset(out.data.get(), 0, out.bytes());
  });
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({given_i32({4, 5})}, {{"T", DType::i32}});
}
