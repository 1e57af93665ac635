// What a person would make a function of, and how its calls look.
#pragma once

#include <span>

#include "emit/program.h"

namespace keraft::emit {

/// By how much less a function is worth that a person would not make: with several ways in, or a chain of units with branches,
/// which is a loop. 1: nothing is odd.
int64_t oddities(size_t tensors, std::span<const Item> body);
/// Do its names belong together, or are there block_1 and block_2 in it?
bool names_two_units(const Function& function);
/// One statement is a function only if it is long, and no call itself.
bool is_too_small(std::span<const Item> body);

/// Calls give two arguments without their names, or more numbers, but not more of everything.
void bare_parameters(std::vector<Parameter>& parameters);
/// The value that most calls give, or half of them where the others hand something on; nothing: no value is usual.
std::optional<Pattern> default_of(const Parameter& parameter, const std::vector<Pattern>& given);
/// Of all parameters, as the calls are now.
void set_defaults(Program& program);

}  // namespace keraft::emit
