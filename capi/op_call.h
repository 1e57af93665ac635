// Ops of the caller's: a node's shapes and arrays as his functions see them.
#pragma once

#include <string>

#include "cards/op_card.h"
#include "keraft.h"

namespace keraft::capi {

OpFunctions op_functions(std::string op, keraft_op_fn shape, keraft_op_fn kernel, void* user_data);

}  // namespace keraft::capi
