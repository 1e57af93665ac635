#include "cards/random.h"

#include "cards/shapes.h"

namespace keraft::cards {

void random_card(OpCard& op) {
  op.stateful();
  op.in("shape").out("output").attr("seed", 0).attr("seed2", 0).attr("dtype").attr("T");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 1);
    const auto& sizes = s.ints(0);
    if (sizes) need_sizes(s, *sizes);
    s.out(0, s.type("dtype"), sizes ? Shape(*sizes) : Shape());
  });
}

}  // namespace keraft::cards
