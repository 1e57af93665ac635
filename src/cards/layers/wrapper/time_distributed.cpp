#include "cards/steps.h"
#include "cards/wrapped.h"

namespace keraft {
namespace {

Tensor ints(const std::vector<int32_t>& values) {
  return make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values);
}

/// Sizes behind the step axis as they are; `lead` in front of them.
std::vector<int32_t> behind(LowerContext& c, const Shape& shape, size_t axis, std::vector<int32_t> lead) {
  for (size_t i = axis; i < shape.rank(); ++i) {
    if (!shape[i].known() || shape[i].value() > INT32_MAX) c.fail("a step of open size: " + shape.text());
    lead.push_back(static_cast<int32_t>(shape[i].value()));
  }
  return lead;
}

Edge each_step(LowerContext& c) {
  const Edge x = c.inputs().front();
  const Shape whole = c.type(x).shape;
  if (!whole.has_rank() || whole.rank() < 3) c.fail("no steps in " + whole.text());
  const Edge y = cards::call_wrapped(c, c.op("Reshape", {x, c.constant(ints(behind(c, whole, 2, {-1})))}));
  const Shape step = c.type(y).shape;
  if (!step.has_rank() || step.rank() < 1) c.fail("its layer gives a result of unknown rank");
  const DType i32 = DType::i32;
  Edge sizes;
  if (whole[1].known()) {
    sizes = c.constant(ints(behind(c, step, 1, {-1, static_cast<int32_t>(whole[1].value())})));
  } else {
    const Edge steps = c.op("StridedSlice", {c.op("Shape", {x}, {{"out_type", i32}}), c.constant(ints({1})),
                                             c.constant(ints({2})), c.constant(ints({1}))});
    const int32_t zero = 0;
    const Edge axis = c.constant(make_tensor<int32_t>(i32, {}, std::span(&zero, 1)));
    sizes = c.op("ConcatV2", {c.constant(ints({-1})), steps, c.constant(ints(behind(c, step, 1, {}))), axis}, {{"N", 3}});
  }
  return c.op("Reshape", {y, sizes});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(time_distributed) {
  using namespace keraft;
  card.keras("TimeDistributed")
      .about("one layer called for each step (axis 1)")
      .needs("layer")
      .wraps("layer")
      .lower_with(each_step)
      .gather_with(cards::gather_steps(card.cls));
  const auto layer = [](const char* cls, Dict config) {
    config.emplace("name", "inner");
    return Value(Dict{{"class_name", cls}, {"config", std::move(config)}});
  };
  card.sample({{"layer", layer("Flatten", {})}}, {{2, 5, 3, 4}});
  card.sample({{"layer", layer("MaxPooling2D", {{"pool_size", Value::ints({2, 2})}, {"padding", "valid"}})}},
              {{2, 3, 7, 5, 2}});
}
