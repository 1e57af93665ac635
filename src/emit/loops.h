// Calls in a chain that differ by what a counter says become loops.
#pragma once

#include <vector>

#include "emit/program.h"
#include "emit/progress.h"

namespace keraft::emit {

/// An argument of statements that are alike, side by side.
struct Aligned {
  std::vector<Column> columns;
  std::vector<std::vector<Argument>> arguments;  ///< of each statement, without values; columns in the same order
};
/// `runs` start at these items and are `length` long; statement by statement they call the same. What one of them leaves out
/// has its default. The columns lend from `items` and `program`.
Aligned aligned(const Program& program, const std::vector<Item>& items, const std::vector<size_t>& starts, size_t length);

/// The items with loops in place of chains. `handed_on`: is the item's result read by the next item alone? Two steps make a
/// loop too, which need not be shorter.
std::vector<Item> looped(const Program& program, const std::vector<Item>& items, const std::vector<bool>& handed_on);

/// Loops that are no shorter than their steps become these again. `items` may be of a function with these parameters.
std::vector<Item> unrolled(const Program& program, const std::vector<Item>& items, const std::vector<Parameter>& parameters);

}  // namespace keraft::emit
