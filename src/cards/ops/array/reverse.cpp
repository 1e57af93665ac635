#include "cards/calls.h"
#include "cards/flip.h"

KERAFT_OP(reverse) {
  op.tf("Reverse").about("axes the other way round, marked by truth values");
  op.code_with([](CodeContext& k) -> std::optional<std::vector<Edge>> {
    const Operand x = k.input(0), marks = k.input(1);
    const Tensor* tensor = marks.value.get<Tensor>();
    if (!x.is_tensor() || !tensor || tensor->dtype != DType::boolean) return std::nullopt;
    // One axis at a time: Keras 3.0 takes no list.
    Operand out = x;
    const auto turned = tensor->as<uint8_t>();
    for (size_t i = 0; i < turned.size(); ++i) {
      if (turned[i]) out = called(k, "Flip", {{"x", out}, {"axis", literal(Value(static_cast<int64_t>(i)))}});
    }
    return std::vector<Edge>{out.edge};
  });
  op.in("tensor").in("dims").out("output").attr("T");
  op.shape(like_input);
  op.kernel([](KernelContext& k) {
    const Array& marks = k.array(1);
    if (marks.dtype != DType::boolean || marks.elements() != static_cast<int64_t>(k.array(0).dims.size()))
      k.fail("dims needs one truth value per axis");
    flip(k, std::vector<bool>(marks.as<bool>(), marks.as<bool>() + marks.elements()));
  });
  op.sample({dims({2, 3, 4}), given_bool({3}, {0, 1, 0})});
  op.sample({dims({2, 3}), given_bool({2}, {1, 1})});
  op.sample({dims({2, 0}), given_bool({2}, {1, 1})});
}
