#include "cards/upsampling.h"

KERAFT_LAYER(up_sampling3d) {
  using keraft::Value;
  card.keras("UpSampling3D").about("every cell of a volume several times");
  card.config("size", Value::ints({2, 2, 2})).always().config("data_format", "channels_last").always();
  keraft::cards::reads_repetitions(card, 3);
  card.lower_with([](keraft::LowerContext& c) { return keraft::cards::emit_repetitions(c, 3); });
  card.sample({{"size", Value::ints({2, 3, 1})}}, {{2, 3, 5, 4, 2}});
  card.sample({{"size", Value::ints({2, 2, 3})}, {"data_format", "channels_first"}}, {{1, 3, 5, 4, 2}});
}
