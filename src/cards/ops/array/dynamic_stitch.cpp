#include "cards/stitch.h"

KERAFT_OP(dynamic_stitch) {
  op.tf("DynamicStitch").about("rows put where indices say");
  stitch_card(op);
}
