#include "cards/layers/preprocessing/lookup.h"

KERAFT_LAYER(integer_lookup) {
  using namespace keraft;
  card.keras("IntegerLookup").about("whole numbers become indices of a vocabulary");
  cards::lookup(card);
  card.config("oov_token", -1).config("vocabulary_dtype", "int64").sample({{"vocabulary", Value::ints({3, 7})}}, {{2, 3}});
}
