// Text edges → Graph.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "formats/graphdef/raw_graph.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// What is known about the outputs of ops: cards, then the op list of the file.
struct OpTable {
  Registry cards;
  std::map<std::string, wire::OpSignature, std::less<>> listed;
};

/// All nodes, ids in file order. Checks names, edges and cycles. Graph::inputs, outputs and functions stay empty.
Graph build_graph(RawGraph raw, const Registry& registry, const std::string& path);
/// Arguments become ir/Input nodes in front; Graph::outputs by the names of the signature. `name` is the function's.
Graph build_function(const std::string& name, RawFunction raw, const OpTable& ops, const std::string& path);

/// True too where the number of outputs is not fixed.
bool has_port(const Node& node, int port);

/// "node:1" → name and port; "^node" sets control. Nothing when it is malformed.
struct TensorName {
  std::string node;
  int port = 0;
  bool control = false;
};
std::optional<TensorName> parse_tensor_name(std::string_view text);

}  // namespace keraft::formats
