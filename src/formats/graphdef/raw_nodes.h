// Graph of raw ops → the nodes that TensorFlow reads.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "formats/wire/print_node.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

struct RawNodes {
  struct Variable {
    std::string name;                   ///< of its VarHandleOp; the checkpoint's key
    std::string weight;                 ///< the name of the graph's weight
    std::string assign, initial, read;  ///< nodes
    Tensor value;
    bool trainable = true;
  };
  /// A tensor that the outside names.
  struct End {
    std::string name;    ///< of the port
    std::string tensor;  ///< "node:0"
    TensorType type;
  };

  std::vector<wire::RawNode> nodes;  ///< producers before readers; their tensors are in `constants` or the graph's
  std::vector<Variable> variables;
  std::vector<End> inputs, outputs;
  std::deque<Tensor> constants;
};

/// The name as TensorFlow allows it for a node.
std::string legal_node_name(std::string_view wanted);

/// Weights become constants, or resource variables that start as zeros until a checkpoint is restored. What acts in training
/// alone is left out. Names are made legal and unique; every output has a node of its own name. `graph` must outlive the result
/// and have the types of its edges. Throws Status::unsupported with every node that no GraphDef can hold.
RawNodes raw_nodes(const Graph& graph, const Registry& registry, bool variables);

}  // namespace keraft::formats
