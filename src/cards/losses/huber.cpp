#include "cards/loss_card.h"

KERAFT_LOSS(huber) {
  card.keras("Huber").about("½ · d², where |d| ≤ δ, else δ · (|d| − ½ · δ)").also("huber_loss").entry("delta", 1.0);
}
