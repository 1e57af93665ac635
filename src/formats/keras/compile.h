// Compile settings and the optimizer's variables, as a Keras file has them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/keras/config.h"

namespace keraft::formats {

struct CompileState {
  Dict config;                                            ///< compile_config of a .keras, training_config of an .h5
  std::vector<std::pair<std::string, Tensor>> variables;  ///< in the file's order, with names; empty: the optimizer starts anew
  std::vector<std::string> notes;                         ///< what the form of the file changes
};

/// Nothing when optimizer or loss are unknown.
std::optional<CompileState> compile_state(const Graph& graph, const Plan& plan, Form form, Kind kind,
                                          const WriteOptions& options, const Registry& registry);

}  // namespace keraft::formats
