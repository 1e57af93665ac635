#include "cards/layers/merge/merge.h"

namespace {

bool behind_batch(keraft::Match& m) {
  const keraft::Shape out = m.shape("y");
  const keraft::Value* axis = m.get("axis");
  if (m.inputs.size() < 2 || !out.has_rank() || !axis->get<int64_t>()) return false;
  const auto rank = static_cast<int64_t>(out.rank());
  const int64_t at = *axis->get<int64_t>() < 0 ? *axis->get<int64_t>() + rank : *axis->get<int64_t>();
  m.config["axis"] = at == rank - 1 ? int64_t{-1} : at;
  return at > 0 && at < rank;
}

}  // namespace

KERAFT_LAYER(concatenate) {
  card.keras("Concatenate").about("the inputs side by side along an axis");
  card.config("axis", -1).always();
  card.form("y = ConcatV2(*xs, $axis)", {}, behind_batch).also_reads("y = Concat($axis, *xs)", {}, behind_batch);
  card.sample({}, {{2, 5, 3}, {2, 5, 4}}).sample({{"axis", 1}}, {{3, 2, 6}, {3, 5, 6}, {3, 1, 6}});
  keraft::cards::formerly_merge(card, "concat", {"concat_axis", "axis"});
}
