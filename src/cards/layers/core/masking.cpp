#include "cards/layer_card.h"
#include "ir/constant.h"

namespace keraft {
namespace {

bool over_features(Match& m) {
  const Shape x = m.shape("x");
  const Node& any = m.graph->at(m.values.find("a")->second.node);
  const auto axes = ir::constant_ints(*m.graph, any.inputs.at(1));
  const auto keep = any.attrs.find("keep_dims");
  if (!x.has_rank() || !axes || axes->size() != 1 || keep == any.attrs.end() || keep->second != Value(true)) return false;
  if (const auto number = m.config["mask_value"].number()) m.config["mask_value"] = *number;
  return axes->front() == -1 || axes->front() == static_cast<int64_t>(x.rank()) - 1;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(masking) {
  using namespace keraft;
  card.keras("Masking").about("steps whose features all have one value become 0, and are skipped by layers that know masks");
  card.config("mask_value", 0.0);
  card.also_reads("n = NotEqual(x, $mask_value)   a = Any(n, _, keep_dims=_)   c = Cast(a)   y = Mul(x, c)", {}, over_features);
  card.also_reads("n = NotEqual(x, $mask_value)   a = Any(n, _, keep_dims=_)   y = SelectV2(a, x, 0)", {}, over_features);
  card.lower_with([](LowerContext& c) {
    const Edge x = c.inputs().front();
    const DType dtype = c.type(x).dtype;
    const double value = c.config("mask_value").number().value_or(0);
    const auto narrow = static_cast<float>(value);
    const Edge masked = c.constant(dtype == DType::f64 ? make_tensor<double>(dtype, {}, std::span(&value, 1))
                                                       : make_tensor<float>(DType::f32, {}, std::span(&narrow, 1)));
    const int32_t axis = -1;
    const Edge last = c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&axis, 1)));
    const Edge any = c.op("Any", {c.op("NotEqual", {x, masked}), last}, {{"keep_dims", true}});
    return c.op("Mul", {x, c.op("Cast", {any}, {{"SrcT", DType::boolean}, {"DstT", dtype}})});
  });
  card.sample({}, {{2, 5, 3}}).sample({{"mask_value", -1.5}}, {{3, 4, 2}});
}
