#include <algorithm>

#include "cards/layer_card.h"
#include "ir/constant.h"

namespace {

bool permutes_behind_batch(keraft::Match& m) {
  const auto order = keraft::ir::constant_ints(*m.graph, m.graph->at(m.nodes.front()).inputs.at(1));
  if (!order || order->size() < 2 || order->front() != 0) return false;
  if (std::any_of(order->begin() + 1, order->end(), [](int64_t axis) { return axis < 1; })) return false;
  m.config["dims"] = keraft::Value::ints({order->begin() + 1, order->end()});
  return true;
}

}  // namespace

KERAFT_LAYER(permute) {
  using namespace keraft;
  card.keras("Permute").about("the axes behind the batch in another order, counted from 1");
  card.needs("dims").also_reads("y = Transpose(x, _)", {}, permutes_behind_batch);
  card.lower_with([](LowerContext& c) {
    const auto dims = c.config("dims").as_ints();
    if (!dims) c.fail("dims must be a list of integers: " + c.config("dims").text());
    std::vector<int32_t> order{0};
    for (const int64_t axis : *dims) order.push_back(static_cast<int32_t>(axis));
    const std::vector<int64_t> rank{static_cast<int64_t>(order.size())};
    return c.op("Transpose", {c.inputs().front(), c.constant(make_tensor<int32_t>(DType::i32, rank, order))});
  });
  card.sample({{"dims", Value::ints({2, 1})}}, {{2, 5, 6}}).sample({{"dims", Value::ints({3, 1, 2})}}, {{3, 4, 7, 2}});
}
