#include "parts.h"
#include "tile.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {

constinit const TileSet<double> tiles_f64 = make_tiles<double>();

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
