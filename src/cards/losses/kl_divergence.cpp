#include "cards/loss_card.h"

KERAFT_LOSS(kl_divergence) {
  card.keras("KLDivergence").about("t · log(t / p)").also("kullback_leibler_divergence").also("kld").also("KLD");
}
