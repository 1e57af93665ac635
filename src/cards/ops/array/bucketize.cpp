#include <algorithm>
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(bucketize) {
  op.tf("Bucketize").about("the number of boundaries that are not above the element");
  op.code("ops.digitize({0}, {boundaries})");
  op.in("input").out("output").attr("T").attr("boundaries");
  op.shape([](ShapeContext& s) { s.out(0, DType::i32, s.shape(0)); });
  op.kernel([](KernelContext& k) {
    const List* list = k.attr("boundaries").get<List>();
    std::vector<float> boundaries;
    for (const Value& value : list ? *list : List{}) {
      if (!value.number()) k.fail("attribute boundaries holds what is no number");
      boundaries.push_back(static_cast<float>(*value.number()));
    }
    if (!list || !std::is_sorted(boundaries.begin(), boundaries.end())) k.fail("attribute boundaries is not a sorted list");
    const Array& in = k.array(0);
    dispatch(k, in.dtype, Numbers{}, [&](auto type) {
      const auto* x = in.as<decltype(type)>();
      int32_t* y = k.result().as<int32_t>();
      for (int64_t i = 0; i < in.elements(); ++i)
        y[i] = static_cast<int32_t>(std::upper_bound(boundaries.begin(), boundaries.end(), static_cast<double>(x[i]),
                                                     [](double a, float b) { return a < static_cast<double>(b); }) -
                                    boundaries.begin());
    });
  });
  op.sample({dims({2, 3})}, {{"boundaries", List{-1.0, 0.5, 2.0}}});
  op.sample({dims({})}, {{"boundaries", List{0.0}}});
  op.sample({given_i32({0, 5, 10, 15})}, {{"boundaries", List{0.0, 10.0}}, {"T", DType::i32}});
  op.sample({dims({0, 2})}, {{"boundaries", List{}}});
}
