#include "cards/fake_quant.h"
#include "cards/shapes.h"

KERAFT_OP(fake_quant_with_min_max_vars) {
  op.tf("FakeQuantWithMinMaxVars").about("values rounded to a grid between two numbers").fidelity(Fidelity::approximate);
  op.in("inputs").in("min").in("max").out("outputs").attr("num_bits", 8).attr("narrow_range", false);
  op.code_with([](CodeContext& k) { return fake_quant_code(k, k.input(1), k.input(2)); });
  op.shape(like_input);
  op.kernel([](KernelContext& k) { fake_quant(k, fake_quant_number(k, 1), fake_quant_number(k, 2)); });
  op.sample({dims({2, 3}), given<float>(DType::f32, {}, {-1.0F}), given<float>(DType::f32, {}, {1.5F})});
  op.sample({dims({4}), given<float>(DType::f32, {}, {0.0F}), given<float>(DType::f32, {}, {6.0F})},
            {{"num_bits", 4}, {"narrow_range", true}});
  op.sample({dims({4}), given<float>(DType::f32, {}, {-3.0F}), given<float>(DType::f32, {}, {-1.0F})});
}
