// Looking at constants of a graph: "tf/Const" nodes, and weights that are no variables.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::ir {

/// The tensor of a constant node, else null. Variables are no constants.
const Tensor* constant(const Graph& graph, Edge edge);
inline bool is_constant(const Graph& graph, Edge edge) { return constant(graph, edge) != nullptr; }
/// A constant with one element, as an integer or as the shortest decimal of its value; else nothing.
std::optional<Value> scalar(const Graph& graph, Edge edge);
/// A constant integer tensor of rank 0 or 1 with at most 64 elements.
std::optional<std::vector<int64_t>> constant_ints(const Graph& graph, Edge edge);
/// A constant of at least one and at most 1 << 20 numbers that all satisfy `test`.
bool filled_with(const Graph& graph, Edge edge, const std::function<bool(double)>& test);
/// Adds a "tf/Const" node.
Edge add_constant(Graph& graph, std::string name, Tensor value);
Edge add_ints(Graph& graph, std::string name, const std::vector<int64_t>& values, DType dtype = DType::i32);

/// By node: does it depend on constants and weights alone? Layer calls never do.
std::vector<bool> constant_nodes(const Graph& graph);

}  // namespace keraft::ir
