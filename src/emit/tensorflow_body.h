// A part of a graph of raw ops → the statements of a method.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// A tensor that a method has by name.
struct Named {
  Edge edge;
  std::string name;
};

struct BodySource {
  const Graph& graph;
  const Registry& registry;
  const std::vector<NodeId>& order;          ///< producers before readers
  const std::vector<NodeId>& blocks;         ///< by node: nodes of the same number are written together
  bool training = false;                     ///< marks, modes and updates are told (lower::Purpose); otherwise marks do nothing
  std::map<NodeId, std::string> attributes;  ///< variables, and constants too large to be written: names in the module
  std::set<std::string, std::less<>> reserved;  ///< names that no statement may give away
};

/// What an edge is, behind ops that do nothing.
Edge behind(const BodySource& source, Edge edge);

struct Body {
  std::string code;        ///< indented by 8
  bool has_modes = false;  ///< it reads `training`
  std::set<NodeId> read;   ///< variables and constants
};

/// The statements that compute `results` of `given`, and return them. Throws Status::unsupported with the nodes that
/// TensorFlow's Python cannot say.
Body body(const BodySource& source, const std::vector<Named>& given, const std::vector<Edge>& results);

}  // namespace keraft::emit
