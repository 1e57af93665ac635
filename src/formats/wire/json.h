// JSON text ↔ Value: null, bool, int64, double, string, list, dict.
#pragma once

#include <string>
#include <string_view>

#include "base/budget.h"
#include "keraft/error.hpp"
#include "keraft/value.hpp"

namespace keraft::formats::wire {

/// Throws Status::format for what is no JSON, a key that stands twice, and numbers that fit neither int64 nor double;
/// Status::memory for nesting deeper than the budget allows. `place` names the document in errors.
Value parse_json(std::string_view text, base::Budget& budget, const Place& place);

/// ASCII text; keys sorted. A DType is written as its name, a Shape as a list with null for unknown sizes.
/// Throws Status::unsupported for NaN, infinities, tensors and functions, Status::format for text that is not UTF-8.
std::string print_json(const Value& value);
/// `dict` with one more key, whose value is `text`: JSON already.
std::string print_json(const Dict& dict, const std::string& key, std::string_view text);

}  // namespace keraft::formats::wire
