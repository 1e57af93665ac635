// What runs of statements have in common: their arguments, side by side, become parameters and patterns of these.
#pragma once

#include <optional>
#include <vector>

#include "emit/program.h"

namespace keraft::emit {

/// One argument in all runs.
struct Column {
  std::string key;
  bool positional;
  std::vector<const Pattern*> values;  ///< without parameters
};

struct Unified {
  std::vector<Parameter> parameters;
  std::vector<std::vector<Pattern>> given;  ///< by parameter: what each run gives
  std::vector<Pattern> patterns;            ///< by column
};

/// The fewest parameters that are found; nothing where a column has no common pattern. With a run's values in place of the
/// parameters, a pattern is the column's value of that run.
std::optional<Unified> unify(const std::vector<Column>& columns);

}  // namespace keraft::emit
