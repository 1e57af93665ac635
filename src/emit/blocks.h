// Programs as a person would write them: what repeats becomes functions and loops.
#pragma once

#include "emit/program.h"

namespace keraft::emit {

/// `program` is a list of statements. Runs of them that stand in it again, but for their arguments, become functions, and
/// chains that a counter describes become loops, where that saves lines. Carried out, the result is the same statements in the
/// same order. Near-linear in their number.
Program folded(Program program);

}  // namespace keraft::emit
