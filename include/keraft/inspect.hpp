// What is in a file.
#pragma once

#include "keraft/model.hpp"

namespace keraft {

/// Inputs, outputs, signatures, layers or nodes by op, weights with their roles. `json`: one JSON document, else for people.
std::string inspect(const Model& model, bool json);

}  // namespace keraft
