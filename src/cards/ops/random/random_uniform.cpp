#include "cards/shapes.h"

KERAFT_OP(random_uniform) {
  op.tf("RandomUniform").about("random numbers in [0, 1)").stateful();
  op.in("shape").out("output").attr("seed", 0).attr("seed2", 0).attr("dtype").attr("T");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 1);
    const auto& sizes = s.ints(0);
    if (sizes) need_sizes(s, *sizes);
    s.out(0, s.type("dtype"), sizes ? Shape(*sizes) : Shape());
  });
}
