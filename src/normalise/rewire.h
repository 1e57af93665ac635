// Many replacements at once, in time linear in the graph.
#pragma once

#include <map>

#include "keraft/graph.hpp"

namespace keraft::normalise {

class Rewire {
 public:
  explicit Rewire(Graph& graph) : graph_(graph) {}

  /// Readers of `from` shall read `to`; chains are followed.
  void set(Edge from, Edge to) { to_[from] = to; }
  Edge now(Edge edge) const {
    for (auto found = to_.find(edge); found != to_.end(); found = to_.find(edge)) edge = found->second;
    return edge;
  }
  bool empty() const noexcept { return to_.empty(); }
  void apply() {
    if (to_.empty()) return;
    for (Node& node : graph_.nodes) {
      for (Edge& edge : node.inputs) edge = now(edge);
    }
    for (Port& port : graph_.outputs) port.edge = now(port.edge);
    to_.clear();
  }

 private:
  Graph& graph_;
  std::map<Edge, Edge> to_;
};

}  // namespace keraft::normalise
