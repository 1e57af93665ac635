#include "cards/fake_quant.h"
#include "cards/number_tensor.h"
#include "cards/shapes.h"

KERAFT_OP(fake_quant_with_min_max_args) {
  op.tf("FakeQuantWithMinMaxArgs").about("values rounded to a grid between two numbers").fidelity(Fidelity::approximate);
  op.in("inputs").out("outputs").attr("min", -6.0).attr("max", 6.0).attr("num_bits", 8).attr("narrow_range", false);
  op.code_with([](CodeContext& k) {
    const auto end = [&](const char* name) {
      Operand out;
      out.value = number_tensor(DType::f32, {}, {k.real(name)});
      return out;
    };
    return fake_quant_code(k, end("min"), end("max"));
  });
  op.shape(like_input);
  op.kernel([](KernelContext& k) { fake_quant(k, static_cast<float>(k.real("min")), static_cast<float>(k.real("max"))); });
  op.sample({dims({2, 3})});
  op.sample({dims({4})}, {{"min", -1.0}, {"max", 1.5}, {"num_bits", 4}});
  op.sample({dims({5})}, {{"min", 0.0}, {"max", 2.0}, {"narrow_range", true}});
}
