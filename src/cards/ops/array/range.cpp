#include <cmath>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(range) {
  op.tf("Range").about("numbers from start to limit in equal steps");
  op.tensorflow("tf.range({0}, {1}, {2})");
  op.code("ops.arange({0}, {1}, {2}, dtype={Tidx})");
  op.in("start").in("limit").in("delta").out("output").attr("Tidx", DType::i32);
  op.shape([](ShapeContext& s) {
    for (size_t i = 0; i < 3; ++i) need_rank(s, i, 0);
    const auto &start = s.ints(0), &limit = s.ints(1);
    const auto step = number(s, 2);
    if (!start || !limit || !step) return s.out(0, s.dtype(0), Shape{unknown_dim(s, 0, 0)});
    if (*step == 0) s.fail("delta is 0");
    const Dim span = *step > 0 ? limit->front() - start->front() : start->front() - limit->front();
    if (span.known() && span.value() < 0) s.fail("the numbers run away from limit");
    const Dim by = *step > 0 ? Dim(*step) : Dim(0) - Dim(*step);
    s.out(0, s.dtype(0), Shape{by.is(1) ? span : span.ceil_div(by)});
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    const auto start = number(s, 0), step = number(s, 2);
    const auto& shape = s.outputs().empty() ? Shape() : s.outputs()[0].shape;
    if (!start || !step || !shape.known() || shape[0].value() > 1024) return std::nullopt;
    Dims out;
    for (int64_t i = 0; i < shape[0].value(); ++i) out.push_back(Dim(*start) + Dim(i) * Dim(*step));
    return out;
  });
  op.kernel([](KernelContext& k) {
    dispatch(k, k.array(0).dtype, Numbers{}, [&](auto type) {
      using T = decltype(type);
      const T start = *k.array(0).as<T>(), limit = *k.array(1).as<T>(), delta = *k.array(2).as<T>();
      if (delta == T(0) || delta != delta) k.fail("delta is 0 or NaN");
      if ((delta > T(0) && start > limit) || (delta < T(0) && start < limit)) k.fail("the numbers run away from limit");
      int64_t count = 0;
      if constexpr (std::is_integral_v<T>) {
        count = k.outputs()[0].shape[0].value();
      } else {
        const double size =
            std::ceil(std::abs((static_cast<double>(limit) - static_cast<double>(start)) / static_cast<double>(delta)));
        if (!(size < 0x1p62)) k.fail("too many numbers");
        count = static_cast<int64_t>(size);
      }
      T* out = k.result(0, {count}).template as<T>();
      T value = start;
      for (int64_t i = 0; i < count; ++i, value = i < count ? static_cast<T>(value + delta) : value) out[i] = value;
    });
  });
  op.sample({scalar_i32(1), scalar_i32(9), scalar_i32(3)});
  op.sample({scalar_i32(5), scalar_i32(0), scalar_i32(-2)});
  op.sample({given<float>(DType::f32, {}, {0.0F}), given<float>(DType::f32, {}, {1.0F}), given<float>(DType::f32, {}, {0.3F})},
            {{"Tidx", DType::f32}});
  op.sample({scalar_i32(2), scalar_i32(2), scalar_i32(1)});
}
