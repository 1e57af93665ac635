#include <algorithm>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(minimum) {
  op.tf("Minimum").about("the smaller one").commutative().fidelity(Fidelity::exact);
  op.tensorflow("tf.minimum({0}, {1})");
  op.code("ops.minimum({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::min);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> {
    if (x == y) return x;
    if (!x.known() || !y.known()) return std::nullopt;
    return Dim(std::min(x.value(), y.value()));
  }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
