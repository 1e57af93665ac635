// Products of tensors, whatever their spelling: MatMul, BatchMatMul and Einsum between reshapes and transposes are read as what
// happens to axes. An axis is a list of atoms; reshapes regroup atoms and split them, products identify those of their
// operands. An axis of size 1 has no atoms.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "cards/layer_card.h"

namespace keraft::cards {

using Atoms = std::vector<int32_t>;
using AtomLayout = std::vector<Atoms>;  ///< by axis

class Axes {
 public:
  explicit Axes(const Graph& graph) : graph_(&graph) {}

  const Graph& graph() const noexcept { return *graph_; }
  /// An atom of its own for every axis; nothing for an unknown rank.
  std::optional<AtomLayout> fresh(const Shape& shape);
  /// With split and identified atoms replaced by what they are now.
  Atoms now(const Atoms& atoms) const;
  AtomLayout now(const AtomLayout& layout) const;
  Dim size(const Atoms& atoms) const;
  /// Makes two axes the same; false when their sizes differ.
  bool identify(const Atoms& a, const Atoms& b);
  /// The layout behind a reshape to these sizes.
  std::optional<AtomLayout> reshape(const AtomLayout& from, const Shape& to);
  /// The layout behind a Tile; its new atoms are `spread`.
  std::optional<AtomLayout> tile(const AtomLayout& from, const std::vector<int64_t>& multiples);
  /// Each step of an axis several times (ir/Repeat).
  std::optional<AtomLayout> repeat(const AtomLayout& from, const Node& node);
  Atoms spread;

 private:
  struct Atom {
    Dim size;
    Atoms parts;  ///< what it was split into, or the one that it is identified with
    bool whole = true;
  };
  int32_t add(Dim size);
  void split(int32_t atom, const Dim& first, const Dim& rest);

  const Graph* graph_;
  std::vector<Atom> atoms_;
};

/// Transpose, Reshape, ExpandDims, Squeeze, and a Tile along axes of size 1, which brings atoms of its own.
bool moves(const Node& node);

/// A value behind moves.
struct Moved {
  Edge base;
  std::vector<NodeId> chain;  ///< the last move first
};
/// Looks up through at most `most` moves.
Moved behind_moves(const Graph& graph, Edge edge, size_t most = 16);
/// What the moves make of the base's layout.
std::optional<AtomLayout> replay(Axes& axes, const Moved& moved, AtomLayout layout);

/// Reads an operand: its layout, or nothing.
using LaidOut = std::function<std::optional<AtomLayout>(Edge)>;

/// A product of two tensors: MatMul, BatchMatMul*, Einsum.
struct Product {
  NodeId node = no_node;
  AtomLayout a, b, out;
  Atoms summed;
};
bool multiplies(const Node& node);
/// `a` and `b` read the operands.
std::optional<Product> product(Axes& axes, NodeId node, const LaidOut& a, const LaidOut& b);

/// y = scale · (x · kernel) + bias, with moves anywhere.
struct Projection {
  AtomLayout x, kernel, bias, out;
  WeightUse kernel_use;
  std::optional<WeightUse> bias_use;
  Atoms summed;
  double scale = 1;
  std::vector<NodeId> nodes;  ///< the result's first
};
/// `x` reads the operand that is no weight. Nodes that `x` passes are its own business.
std::optional<Projection> projection(Axes& axes, Edge edge, const LaidOut& x);

/// x itself, seen through `depth` moves, which are added to `nodes`.
struct Leaf {
  Edge edge;
  AtomLayout layout;
};
std::optional<AtomLayout> leaf(Axes& axes, Edge edge, size_t depth, Leaf& out, std::vector<NodeId>& nodes);

/// The weight of a use with the axes `from` in the order and grouping of `to`, which holds the same atoms.
std::optional<WeightUse> arranged(const Axes& axes, WeightUse use, const AtomLayout& from, const AtomLayout& to);

/// All atoms of the axes from `begin` on, or up to `end`.
Atoms joined(const AtomLayout& layout, size_t begin = 0, size_t end = static_cast<size_t>(-1));
bool same_set(Atoms a, Atoms b);

}  // namespace keraft::cards
