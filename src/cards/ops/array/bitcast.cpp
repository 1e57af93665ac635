#include "cards/shapes.h"

KERAFT_OP(bitcast) {
  op.tf("Bitcast").about("the same bytes as another type");
  op.in("input").out("output").attr("T").attr("type");
  op.shape([](ShapeContext& s) {
    const DType from = s.dtype(0), to = s.type("type");
    const auto in = static_cast<int64_t>(size_of(from)), out = static_cast<int64_t>(size_of(to));
    if (in == 0 || out == 0) s.fail("elements without a fixed size have no bytes to share");
    Shape shape = s.shape(0);
    if (shape.has_rank() && in > out) {
      shape.dims().push_back(Dim(in / out));
    } else if (shape.has_rank() && in < out) {
      if (shape.rank() == 0 || (shape.dims().back().known() && !shape.dims().back().is(out / in)))
        s.fail("the last axis of " + shape.text() + " is not " + std::to_string(out / in));
      shape.dims().pop_back();
    }
    s.out(0, to, shape);
  });
  op.kernel([](KernelContext& k) {
    Array out = k.array(0);
    out.dtype = k.outputs()[0].dtype;
    out.dims = k.outputs()[0].shape.values();
    (*k.call().out)[0] = std::move(out);
  });
  op.sample({dims({2, 3})}, {{"type", DType::i32}});
  op.sample({dims({2})}, {{"type", DType::u8}});
  op.sample({given<uint8_t>(DType::u8, {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}, {{"type", DType::i32}, {"T", DType::u8}});
  op.sample({dims({0})}, {{"type", DType::f16}});
}
