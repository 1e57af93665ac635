// Functions that have the same name in both lines of Keras and are not the same, or two names and are one.
#pragma once

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// In a graph that was read from a file, of Keras 2 or not: gives each function one name, which no other has.
void name_functions(Graph& graph, bool keras2);
/// The config with the names that Keras 2 has for them.
Dict in_words_of_keras2(Dict config);
/// Must a file of the graph say that it is of Keras 2?
bool is_of_keras2(const Graph& graph, const Registry& registry);

}  // namespace keraft::formats
