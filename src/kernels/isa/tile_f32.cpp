#include "parts.h"
#include "tile.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {

constinit const TileSet<float> tiles_f32 = make_tiles<float>();

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
