// Cards that reduce axes.
#pragma once

#include "cards/shapes.h"
#include "kernels/reduce.h"

namespace keraft::cards {

/// Shape, kernel and samples of a reduction of numbers over the axes that input 1 holds.
void reduction(OpCard& card, kernels::ReduceOp op);
/// The same of truth values: max is "any", min is "all".
void reduction_bool(OpCard& card, kernels::ReduceOp op);
/// The reduction of a known list of sizes to one size.
OpCard::IntsFn reduced_ints(std::function<std::optional<Dim>(const Dim&, const Dim&)> join, std::optional<Dim> of_nothing);

}  // namespace keraft::cards
