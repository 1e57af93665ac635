// Programs → Python.
#pragma once

#include <string>

#include "emit/program.h"

namespace keraft::emit {

struct ModelText {
  std::string functions;                ///< helpers, each behind two empty lines
  std::string body;                     ///< the statements of build_model; empty for a stack
  Expr layers;                          ///< a stack's: the list for keras.Sequential
  std::map<Edge, std::string> tensors;  ///< the model's inputs and outputs
};

/// Statements that go from tensor to tensor, or a stack: a list of layers.
ModelText model_text(const Program& program, const Graph& graph, bool stack);

}  // namespace keraft::emit
