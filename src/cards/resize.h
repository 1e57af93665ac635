#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

void resized_shape(ShapeContext& s, DType dtype);
void resize_nearest(KernelContext& k);
void resize_bilinear(KernelContext& k);

}  // namespace keraft::cards
