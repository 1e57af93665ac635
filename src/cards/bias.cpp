#include "cards/bias.h"

#include "cards/numeric.h"
#include "kernels/binary.h"

namespace keraft::cards {

static size_t channel_axis(const ShapeContext& s, size_t rank, bool first) {
  if (rank < 2) s.fail("needs a batch and channels, not " + s.shape(0).text());
  return first ? 1 : rank - 1;
}

void bias_shape(ShapeContext& s, bool first) {
  need_rank(s, 1, 1);
  Shape out = s.shape(0);
  if (out.has_rank() && s.shape(1).has_rank()) {
    Dim& channels = out.dims()[channel_axis(s, out.rank(), first)];
    channels = unify(s, Shape{channels}, s.shape(1))[0];
  }
  s.out(0, s.dtype(0), out);
}

void add_bias(KernelContext& k, bool first) {
  const Array &x = k.array(0), &bias = k.array(1);
  if (x.dtype != bias.dtype) k.fail("value and bias have different types");
  std::vector<int64_t> as(x.dims.size(), 1);
  as[channel_axis(k, x.dims.size(), first)] = bias.dims[0];
  Array& out = k.in_place(0, 0);
  dispatch(k, x.dtype, AllNumbers{}, [&](auto type) {
    using T = decltype(type);
    kernels::binary<T>(k.kernels(), kernels::BinaryOp::add, {x.as<T>(), x.dims}, {bias.as<T>(), as}, out.as<T>());
  });
}

}  // namespace keraft::cards
