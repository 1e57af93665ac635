#include "cards/layers/preprocessing/lookup.h"

KERAFT_LAYER(string_lookup) {
  using namespace keraft;
  card.keras("StringLookup").about("texts become indices of a vocabulary");
  cards::lookup(card);
  card.config("oov_token", "[UNK]").config("encoding", "utf-8").sample({{"vocabulary", List{"a", "b"}}}, {{2, 3}});
}
