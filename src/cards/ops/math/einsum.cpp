#include "cards/einsum.h"

#include <algorithm>
#include <set>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {
namespace {

/// Keras tells the shape of no other equations.
bool plain(const ShapeContext& s) {
  const auto equation = parse_einsum(s.text("equation"));
  if (!equation || !is_floating(s.dtype(0)) || s.text("equation").find("->") == std::string::npos) return false;
  return std::all_of(equation->inputs.begin(), equation->inputs.end(), [](const std::string& names) {
    return names.find('.') == std::string::npos && std::set<char>(names.begin(), names.end()).size() == names.size();
  });
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(einsum) {
  op.tf("Einsum").about("sums of products over named axes").fidelity(Fidelity::approximate);
  op.tensorflow("tf.einsum({equation}, {*inputs})");
  op.code("ops.einsum({equation}, {inputs})", {}, plain);
  op.in_list("inputs").out("output").attr("equation").attr("N").attr("T", DType::f32);
  op.shape(einsum_shape).kernel(with_halves(einsum));
  op.sample({dims({2, 3, 4}), dims({4, 5})}, {{"equation", "abc,cd->abd"}});
  op.sample({dims({2, 5, 3, 4}), dims({2, 6, 3, 4})}, {{"equation", "BTNH,BSNH->BNTS"}});
  op.sample({dims({2, 3, 4}), dims({3, 5})}, {{"equation", "abc,bd->da"}});
  op.sample({dims({3, 1, 2, 4}), dims({5, 4, 6})}, {{"equation", "...ab,...bc->...ca"}});
  op.sample({dims({3, 3, 2})}, {{"equation", "iij->ji"}});
  op.sample({dims({3, 4})}, {{"equation", "ij->"}});
  op.sample({given<int32_t>(DType::i32, {2, 2}, {1, -2, 3, 4}), given<int32_t>(DType::i32, {2}, {5, 6})},
            {{"equation", "ij,j->i"}, {"T", DType::i32}});
}
