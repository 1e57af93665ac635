// What a constructor is given, as Python writes it.
#pragma once

#include <string>
#include <vector>

#include "emit/python_text.h"
#include "keraft/registry.hpp"
#include "keraft/value.hpp"

namespace keraft::emit {

/// An argument that differs from its default, or has none.
struct Given {
  std::string key;
  Expr value;
  size_t field;        ///< of the class's card; behind all fields: the card has none
  bool positional;     ///< stands without its key
  bool whole = false;  ///< a whole number
};

/// The arguments of a class, in the order of its card, without its name.
std::vector<Given> arguments(const std::string& cls, const Dict& config, const Registry& registry);
/// The same, written.
std::vector<Expr> argument_list(const std::string& cls, const Dict& config, const Registry& registry);

/// A value that stands under this key.
Expr text_of(const Value& value, const std::string& key, const Registry& registry);

Expr keyword(const std::string& key, Expr value);
Expr call_of(const std::string& function, std::vector<Expr> items);

}  // namespace keraft::emit
