#include "keraft/graph.hpp"

#include <algorithm>

#include "base/string.h"
#include "keraft/error.hpp"

namespace keraft {

NodeId Graph::add(Node node) {
  nodes.push_back(std::move(node));
  return static_cast<NodeId>(nodes.size() - 1);
}

NodeId Graph::find(std::string_view node_name) const {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].dead && nodes[i].name == node_name) return static_cast<NodeId>(i);
  }
  return no_node;
}

TensorType Graph::type(Edge edge) const {
  const Node& node = at(edge.node);
  const auto port = static_cast<size_t>(edge.port);
  return port < node.outputs.size() ? node.outputs[port] : TensorType{};
}

std::vector<std::vector<NodeId>> Graph::readers() const {
  std::vector<std::vector<NodeId>> out(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].dead) continue;
    for (const Edge& edge : nodes[i].inputs) out.at(static_cast<size_t>(edge.node)).push_back(static_cast<NodeId>(i));
  }
  return out;
}

std::vector<NodeId> Graph::order() const {
  std::vector<int32_t> missing(nodes.size(), 0);
  std::vector<std::vector<NodeId>> next(nodes.size());
  const auto link = [&](NodeId from, size_t to) {
    if (at(from).op == "tf/NextIteration") return;
    next[static_cast<size_t>(from)].push_back(static_cast<NodeId>(to));
    ++missing[to];
  };
  size_t living = 0;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].dead) continue;
    ++living;
    for (const Edge& edge : nodes[i].inputs) link(edge.node, i);
    for (const NodeId control : nodes[i].control) link(control, i);
  }
  // A heap of ids keeps the file's order wherever the edges leave a choice: the same order in every run.
  std::vector<NodeId> ready, out;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].dead && missing[i] == 0) ready.push_back(static_cast<NodeId>(i));
  }
  std::make_heap(ready.begin(), ready.end(), std::greater<>());
  out.reserve(living);
  while (!ready.empty()) {
    std::pop_heap(ready.begin(), ready.end(), std::greater<>());
    const NodeId id = ready.back();
    ready.pop_back();
    out.push_back(id);
    for (const NodeId reader : next[static_cast<size_t>(id)]) {
      if (--missing[static_cast<size_t>(reader)] != 0) continue;
      ready.push_back(reader);
      std::push_heap(ready.begin(), ready.end(), std::greater<>());
    }
  }
  if (out.size() != living) {
    std::string names;
    int shown = 0;
    for (size_t i = 0; i < nodes.size() && shown < 5; ++i) {
      if (nodes[i].dead || missing[i] == 0) continue;
      names += (shown++ ? ", " : "") + base::escaped(nodes[i].name);
    }
    throw Error(Status::format, "the graph has a cycle; nodes on or behind it: " + names);
  }
  return out;
}

void Graph::replace(Edge from, Edge to) {
  for (Node& node : nodes) {
    if (node.dead) continue;
    for (Edge& edge : node.inputs) {
      if (edge == from) edge = to;
    }
  }
  for (Port& port : outputs) {
    if (port.edge == from) port.edge = to;
  }
}

void Graph::prune() {
  std::vector<bool> needed(nodes.size(), false);
  std::vector<NodeId> open;
  const auto need = [&](NodeId id) {
    if (needed.at(static_cast<size_t>(id))) return;
    needed[static_cast<size_t>(id)] = true;
    open.push_back(id);
  };
  for (const Port& port : outputs) need(port.edge.node);
  for (const Port& port : inputs) need(port.edge.node);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    for (const Edge& edge : at(id).inputs) need(edge.node);
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!needed[i]) nodes[i].dead = true;
    std::erase_if(nodes[i].control, [&](NodeId control) { return !needed[static_cast<size_t>(control)]; });
  }
}

void Graph::compact() {
  std::vector<NodeId> moved(nodes.size(), no_node);
  size_t kept = 0;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].dead) continue;
    moved[i] = static_cast<NodeId>(kept);
    if (kept != i) nodes[kept] = std::move(nodes[i]);
    ++kept;
  }
  nodes.resize(kept);
  nodes.shrink_to_fit();
  const auto renumber = [&](NodeId& id) { id = moved.at(static_cast<size_t>(id)); };
  for (Node& node : nodes) {
    for (Edge& edge : node.inputs) renumber(edge.node);
    for (NodeId& control : node.control) renumber(control);
    std::erase(node.control, no_node);
  }
  for (Port& port : inputs) renumber(port.edge.node);
  for (Port& port : outputs) renumber(port.edge.node);
}

}  // namespace keraft
