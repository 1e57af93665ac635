#include "parts.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {

extern const Isa table;

namespace {

#define KERAFT_TEXT_(x) #x
#define KERAFT_TEXT(x) KERAFT_TEXT_(x)

int vector_bytes() { return static_cast<int>(sizeof(Packet<float>)); }

}  // namespace

constinit const Isa table = {
    KERAFT_TEXT(KERAFT_ISA),
    vector_bytes,
    {&tiles_f32, depthwise_row_f32, map_f32, affine_inner, affine_outer, pool_max, pool_sum, softmax_rows},
    {&tiles_f64, depthwise_row_f64, map_f64, affine_inner, affine_outer, pool_max, pool_sum, softmax_rows},
};

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
