#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_gaussian_blur) {
  using namespace keraft;
  card.keras("RandomGaussianBlur").about("training only: images blurred");
  card.config("factor", 1.0).config("kernel_size", 3).config("sigma", 1.0).config("value_range", cards::image_range());
  cards::augmentation(card, "3.9");
  card.sample({}, {{2, 5, 4, 3}});
}
