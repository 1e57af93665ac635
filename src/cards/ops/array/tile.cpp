#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(tile) {
  op.tf("Tile").about("a tensor repeated along its axes");
  op.tensorflow("tf.tile({0}, {1})");
  op.code("ops.tile({0}, repeats={1})");
  op.in("input").in("multiples").out("output").attr("T").attr("Tmultiples", DType::i32);
  op.layout({.list_inputs = {1}});
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    const Shape& in = s.shape(0);
    const auto& counts = s.ints(1);
    if (!in.has_rank()) return s.out(0, s.dtype(0), Shape());
    if (!counts) return s.out(0, s.dtype(0), unknown_dims(s, 0, in.rank()));
    if (counts->size() != in.rank()) s.fail("multiples needs one number per axis of " + in.text());
    need_sizes(s, *counts);
    Dims out;
    for (size_t i = 0; i < in.rank(); ++i) out.push_back(in[i] * (*counts)[i]);
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto steps = kernels::row_major(in.dims);
    const auto counts = ints_of(k, 1);
    kernels::Strided what;
    for (size_t i = 0; i < in.dims.size(); ++i) {
      what.dims.insert(what.dims.end(), {counts[i], in.dims[i]});
      what.steps.insert(what.steps.end(), {0, steps[i]});
    }
    kernels::copy_strided(k.kernels(), in.data.get(), k.result().data.get(), size_of(in.dtype), what);
  });
  op.sample({dims({2, 3}), given_i32({2, 1})});
  op.sample({dims({2, 3}), given_i32({1, 3})});
  op.sample({dims({2}), given_i32({0})});
}
