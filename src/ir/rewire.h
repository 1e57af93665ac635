// Many replacements at once, in time linear in the graph.
#pragma once

#include <map>

#include "keraft/graph.hpp"

namespace keraft::ir {

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
    shorten();
    for (Node& node : graph_.nodes) {
      for (Edge& edge : node.inputs) edge = now(edge);
    }
    for (Port& port : graph_.outputs) port.edge = now(port.edge);
    to_.clear();
  }

 private:
  /// Every entry points at the end of its chain.
  void shorten() {
    for (auto& [from, to] : to_) {
      const Edge end = now(to);
      for (Edge* step = &to; !(*step == end);) {
        Edge* next = &to_.find(*step)->second;
        *step = end;
        step = next;
      }
    }
  }

  Graph& graph_;
  std::map<Edge, Edge> to_;
};

}  // namespace keraft::ir
