#include "cards/fake_quant.h"
#include "cards/shapes.h"

KERAFT_OP(fake_quant_with_min_max_vars_per_channel) {
  op.tf("FakeQuantWithMinMaxVarsPerChannel")
      .about("values rounded to a grid between two numbers for each channel")
      .fidelity(Fidelity::approximate);
  op.in("inputs").in("min").in("max").out("outputs").attr("num_bits", 8).attr("narrow_range", false);
  op.code_with([](CodeContext& k) { return fake_quant_code(k, k.input(1), k.input(2)); });
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    need_rank(s, 2, 1);
    if (s.shape(0).has_rank() && s.shape(0).rank() == 0) s.fail("needs channels");
    const Shape channels = unify(s, s.shape(1), s.shape(2));
    if (s.shape(0).has_rank()) unify(s, Shape{s.shape(0).dims().back()}, channels);
    s.same(0, 0);
  });
  op.kernel([](KernelContext& k) {
    for (size_t i = 0; i < 3; ++i) {
      if (k.array(i).dtype != DType::f32) k.fail("input " + std::to_string(i) + " is not float32");
    }
    const int64_t channels = k.array(1).elements();
    for (int64_t c = 0; c < channels; ++c) fake_quant(k, k.array(1).as<float>()[c], k.array(2).as<float>()[c], c, channels);
    if (channels == 0) k.result();
  });
  const Value low = given<float>(DType::f32, {3}, {-1.0F, 0.0F, -3.0F}),
              high = given<float>(DType::f32, {3}, {1.5F, 6.0F, 0.5F});
  op.sample({dims({2, 3}), low, high});
  op.sample({dims({2, 2, 3}), low, high}, {{"num_bits", 4}, {"narrow_range", true}});
  op.sample({dims({3}), low, high}, {{"num_bits", 16}});
  op.sample({dims({0, 3}), low, high});
}
