// Moves between space, batch and channels.
#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

void space_to_batch_shape(ShapeContext& s);
void space_to_batch(KernelContext& k);
void batch_to_space_shape(ShapeContext& s);
void batch_to_space(KernelContext& k);
/// For known sizes but of the batch.
std::optional<std::vector<Edge>> space_to_batch_code(CodeContext& k);
std::optional<std::vector<Edge>> batch_to_space_code(CodeContext& k);
/// SpaceToDepth, else DepthToSpace.
void depth_shape(ShapeContext& s, bool to_depth);
void move_depth(KernelContext& k, bool to_depth);
/// For channels last and known sizes but of the batch.
std::optional<std::vector<Edge>> depth_code(CodeContext& k, bool to_depth);

}  // namespace keraft::cards
