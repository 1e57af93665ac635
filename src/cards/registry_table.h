// What the generated list of cards looks like.
#pragma once

#include "cards/layer_card.h"
#include "keraft_cards.h"

namespace keraft::cards {

template <class Card>
struct CardEntry {
  const char* file;
  void (*fill)(Card&);
};

/// Each ends with an entry of null pointers.
extern const CardEntry<OpCard> op_table[];
extern const CardEntry<LayerCard> layer_table[];
extern const CardEntry<OptimizerCard> optimizer_table[];
extern const CardEntry<LossCard> loss_table[];

}  // namespace keraft::cards
