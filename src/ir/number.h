#pragma once

namespace keraft::ir {

/// The shortest decimal number that rounds to the same float32: what a person wrote where a graph kept 0.0010000000474974513.
/// Numbers that are no float32 stay.
double shortest(double value);

}  // namespace keraft::ir
