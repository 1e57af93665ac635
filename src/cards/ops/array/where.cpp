#include <algorithm>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(where) {
  op.tf("Where").about("indices of what is not zero");
  op.tensorflow("tf.where({0})");
  op.in("input").out("index").attr("T", DType::boolean);
  op.shape([](ShapeContext& s) {
    s.out(0, DType::i64,
          Shape{unknown_dim(s, 0, 0),
                s.shape(0).has_rank() ? Dim(static_cast<int64_t>(s.shape(0).rank())) : unknown_dim(s, 0, 1)});
  });
  op.kernel(with_halves([](KernelContext& k) {
    const Array& in = k.array(0);
    const auto rank = static_cast<int64_t>(in.dims.size());
    dispatch(k, in.dtype, AnyType{}, [&](auto type) {
      using T = decltype(type);
      const T* values = in.as<T>();
      const int64_t n = in.elements(), found = n - std::count(values, values + n, T(0));
      int64_t* out = k.result(0, {found, rank}).template as<int64_t>();
      for (int64_t i = 0; i < n; ++i) {
        if (values[i] == T(0)) continue;
        int64_t left = i;
        for (int64_t axis = rank; axis-- > 0;) {
          out[axis] = left % in.dims[static_cast<size_t>(axis)];
          left /= in.dims[static_cast<size_t>(axis)];
        }
        out += rank;
      }
    });
  }));
  op.sample({given_bool({2, 3}, {1, 0, 1, 0, 0, 1})}, {{"T", DType::boolean}});
  op.sample({given_bool({2}, {0, 0})}, {{"T", DType::boolean}});
  op.sample({dims({2, 2, 2})}, {{"T", DType::f32}});
}
