// Ops that are made of other ops: a user's op whose rule says what it means.
#pragma once

#include "cards/op_card.h"
#include "ir/form.h"
#include "keraft/registry.hpp"

namespace keraft::cards {

/// Gives `op` the shapes, and where all ops of the form have one the kernel, of the form: its names are those of the op's
/// inputs and outputs, "$name" is an attribute. Numbers have the type of the op's first input. Throws Status::argument for a
/// form that does not fit the op.
void compose(OpCard& op, const ir::Form& form, const Registry& registry);

}  // namespace keraft::cards
