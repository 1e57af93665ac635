// Names of functions and their parameters.
#pragma once

#include "emit/program.h"

namespace keraft::emit {

/// Gives each function a name of its own, from those of the layers that it makes, and its parameters names that differ.
void name_functions(Program& program);

}  // namespace keraft::emit
