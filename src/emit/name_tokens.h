// Names, cut into words and numbers.
#pragma once

#include <string>
#include <vector>

#include "emit/program.h"

namespace keraft::emit {

/// A part of a name that is taken as a whole.
struct Token {
  enum class Kind : uint8_t { word, separator, number, counter } kind;
  Piece piece;
  bool operator==(const Token&) const = default;
};
using Tokens = std::vector<Token>;

Tokens tokens(const Pattern& name);  ///< of code too
/// Are these words and numbers in the same order, and the same counters among them?
bool same_kinds(const std::vector<Tokens>& runs);
/// Equal for names that have the same kinds.
uint64_t name_shape(const Pattern& name);
/// Is it text that an f-string holds as it is?
bool is_plain_name(const std::string& name);

/// Digits, with a sign perhaps.
int64_t integer(const std::string& digits);

}  // namespace keraft::emit
