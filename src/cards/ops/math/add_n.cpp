#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(add_n) {
  op.tf("AddN").about("the sum of tensors of one shape").fidelity(Fidelity::rounding);
  op.in_list("inputs").out("sum").attr("N").attr("T");
  op.layout({});
  op.shape([](ShapeContext& s) {
    if (s.inputs() == 0) s.fail("no inputs");
    Shape out = s.shape(0);
    for (size_t i = 1; i < s.inputs(); ++i) out = unify(s, out, s.shape(i));
    s.out(0, s.dtype(0), out);
  });
  op.kernel(with_halves([](KernelContext& k) {
    if (k.inputs() == 1) return k.alias(0, 0);
    Array& out = k.result();
    dispatch(k, out.dtype, AllNumbers{}, [&](auto type) {
      using T = decltype(type);
      const auto operand = [&](const Array& a) {
        if (a.dtype != out.dtype) k.fail("the inputs have different types");
        return kernels::Operand<T>{a.as<T>(), a.dims};
      };
      kernels::binary(k.kernels(), kernels::BinaryOp::add, operand(k.array(0)), operand(k.array(1)), out.as<T>());
      for (size_t i = 2; i < k.inputs(); ++i) {
        kernels::binary(k.kernels(), kernels::BinaryOp::add, operand(out), operand(k.array(i)), out.as<T>());
      }
    });
  }));
  op.sample({dims({2, 3}), dims({2, 3})});
  op.sample({dims({4}), dims({4}), dims({4})});
  op.sample({dims({})});
}
