#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(fill) {
  op.tf("Fill").about("one value everywhere");
  op.tensorflow("tf.fill({0}, {1})");
  op.code("ops.broadcast_to({1}, shape={0})", {},
          [](const ShapeContext& s) { return s.shape(1).has_rank() && s.shape(1).rank() == 0; });
  op.in("dims").in("value").out("output").attr("T").attr("index_type", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 1);
    const auto& sizes = s.ints(0);
    if (!sizes) {
      const Shape& given = s.shape(0);
      const bool ranked = given.has_rank() && given[0].known() && given[0].value() >= 0 && given[0].value() <= 32;
      return s.out(0, s.dtype(1), ranked ? unknown_dims(s, 0, static_cast<size_t>(given[0].value())) : Shape());
    }
    need_sizes(s, *sizes);
    s.out(0, s.dtype(1), *sizes);
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    const auto sizes = s.numbers(0);
    const auto& value = s.ints(1);
    if (!sizes || !value || sizes->size() > 1) return std::nullopt;
    const int64_t count = sizes->empty() ? 1 : sizes->front();
    if (count > 1024) return std::nullopt;
    return Dims(static_cast<size_t>(count), value->front());
  });
  op.kernel([](KernelContext& k) {
    Array& out = k.result();
    kernels::fill(out.data.get(), out.elements(), k.array(1).data.get(), size_of(out.dtype));
  });
  op.sample({given_i32({2, 3}), dims({})});
  op.sample({given_i32({0}), dims({})});
  op.sample({given_i32(std::vector<int32_t>{}), dims({})});
}
