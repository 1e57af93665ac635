#include "cards/calls.h"
#include "cards/number_tensor.h"
#include "cards/segment.h"

namespace keraft {
namespace {

/// Rows of other segments count as ones, for each segment anew.
std::optional<std::vector<Edge>> product_code(CodeContext& k) {
  using namespace cards;
  constexpr int64_t most = 128;
  const auto count = k.numbers(2);
  if (!numbers_of_rows(k) || !k.shape(0).has_rank() || !k.input(0).is_tensor()) return std::nullopt;
  if (!count || count->size() != 1 || count->front() < 1 || count->front() > most) return std::nullopt;
  std::vector<int64_t> dims(k.shape(0).rank() + 1, 1);
  dims[0] = count->front();
  Operand ids = k.input(1), mine;
  if (const Tensor* constant = ids.value.get<Tensor>()) {
    std::vector<uint8_t> marks;
    for (int64_t segment = 0; segment < dims[0]; ++segment) {
      for (const int64_t id : to_ints(*constant)) marks.push_back(id == segment);
    }
    dims[1] = constant->elements();
    if (marks.size() > static_cast<size_t>(most * most)) return std::nullopt;
    mine = literal(make_tensor<uint8_t>(DType::boolean, dims, marks));
  } else {
    std::vector<double> each(static_cast<size_t>(dims[0]));
    for (size_t i = 0; i < each.size(); ++i) each[i] = static_cast<double>(i);
    for (size_t axis = 1; axis < k.shape(0).rank(); ++axis)
      ids = called(k, "ExpandDims", {{"x", std::move(ids)}, {"axis", literal(Value(-1))}});
    mine = both(k, "Equal", std::move(ids), literal(number_tensor(k.dtype(1), dims, each)));
  }
  const Operand one = literal(is_integer(k.dtype(0)) ? Value(1) : Value(1.0));
  Operand rows = called(k, "Where", {{"condition", std::move(mine)}, {"x1", k.input(0)}, {"x2", one}});
  return std::vector<Edge>{k.call("Prod", {{"x", std::move(rows)}, {"axis", literal(Value(1))}})};
}

}  // namespace
}  // namespace keraft

KERAFT_OP(unsorted_segment_prod) {
  op.tf("UnsortedSegmentProd")
      .about("the product of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::approximate);
  op.code_with(keraft::product_code);
  unsorted_segments(
      op, Reals{}, [](auto) { return 1; }, [](auto a, auto b) { return times(a, b); });
}
