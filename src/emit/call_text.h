// One statement of a program → Python.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "emit/program.h"

namespace keraft::emit {

inline constexpr size_t indentation = 4;

/// What stands for variables in one list of items. Patterns in it hold names of Python in place of variables.
struct Scope {
  size_t indent = indentation;
  std::vector<Pattern> parameters = {};
  Pattern counter = {};
  std::vector<std::string> tensors = {};
  std::map<NodeId, std::string> names = {};
  std::set<NodeId> lists = {};  ///< results that are lists of tensors
  std::string chain = "x";      ///< what only the next statement reads
  size_t loops = 0;             ///< around it
  std::set<std::string>* taken = nullptr;
};

/// A parameter or counter, by its name in Python.
Pattern variable(const std::string& name, Pattern::Kind kind);
/// With what stands for its variables.
Pattern resolved(const Pattern& pattern, const Scope& scope);
/// A pattern that is resolved.
Expr written(const Pattern& pattern);
/// "range(2, last + 1)"
std::string range(const Item& loop, const Scope& scope);

/// Arguments of the layer's class that are not the default.
std::vector<Expr> layer_arguments(const Callee& callee, const Item& item, const Scope& scope);
/// The call, with text in front: "x = ".
Expr call_expr(const Program& program, const Item& item, const Scope& scope, const std::vector<std::string>& inputs,
               const std::string& front);

/// The lines of an item as a statement of build_model, or of a function with these parameters.
size_t statement_lines(const Program& program, const Item& item, const std::vector<Parameter>& parameters = {});

}  // namespace keraft::emit
