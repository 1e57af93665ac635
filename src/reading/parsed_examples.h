// Models that read serialized tf.train.Example messages.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::reading {

/// No Keras model has serialized examples for inputs, so their dense features take the place of each such port, under their own
/// keys; their types are added to `types`. A port whose examples hold sparse or ragged features that are read stays.
/// Returns the number of ops that parse.
int64_t use_parsed_examples(const Graph& graph, std::vector<Port>& ports, std::map<std::string, TensorType>& types);

}  // namespace keraft::reading
