// Inputs and outputs of a graph that no signature names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/wire/messages.h"
#include "keraft/graph.hpp"
#include "keraft/model.hpp"

namespace keraft::formats {

/// What the model computes: tensors that nothing but training, saving and reporting reads. In a training graph there must be
/// only one such tensor; otherwise Status::format lists the candidates.
std::vector<Port> find_outputs(const Graph& graph, const std::string& path);
/// Tensors from outside that the outputs depend on, training flags left out. In the order of the file.
std::vector<Port> find_inputs(const Graph& graph);
/// The tensors that the caller names: node, "node:1", or a key of `known`. Throws Status::argument with similar names.
std::vector<Port> named(const Graph& graph, const std::vector<std::string>& names, const std::vector<Port>& known,
                        const std::string& path);

/// Makes every port an ir/Input, cutting away what computed it, and gives it a type: the placeholder's own, refined by `given`
/// and the caller's shapes. Unknown sizes get names: B for the batch. Throws Status::mismatch when they contradict each other.
void make_inputs(Graph& graph, std::vector<Port> ports, const std::map<std::string, TensorType>& given,
                 const LoadOptions& options, const std::string& path);

}  // namespace keraft::formats
