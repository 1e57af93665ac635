#include "cards/layer_card.h"

KERAFT_LAYER(max_num_bounding_boxes) {
  using namespace keraft;
  card.keras("MaxNumBoundingBoxes").about("as many boxes for each image as asked for");
  card.needs("max_number").config("fill_value", -1);
  card.config("data_format", "channels_last").from_keras3("3.7").call_default("training", true);
  card.sample({{"max_number", 4}}, {{2, 8, 6, 3}});
}
