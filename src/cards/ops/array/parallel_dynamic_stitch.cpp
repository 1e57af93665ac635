#include "cards/stitch.h"

KERAFT_OP(parallel_dynamic_stitch) {
  op.tf("ParallelDynamicStitch").about("rows put where indices say, in no order");
  stitch_card(op);
}
